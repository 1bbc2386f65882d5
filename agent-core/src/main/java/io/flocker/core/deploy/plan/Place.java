package io.flocker.core.deploy.plan;

/** Where an application shall run. */
sealed interface Place {
  /** On this node. */
  record Here() implements Place {}

  /** On another node. */
  record At(KnownPeer peer) implements Place {}

  /**
   * On a node of which it is not known which one it is.
   *
   * @param text a sentence without its subject
   */
  record Unknown(Obstacle.Kind kind, String text) implements Place {}
}
