package io.flocker.core.volume;

import io.flocker.core.id.NodeId;

/** Whose pool it is: the value of the pool's root dataset's user property {@link #PROPERTY}. */
public record NodeMark(NodeId node) {
  /** Name of the ZFS user property. */
  public static final String PROPERTY = "flocker:node";

  /**
   * Parses a property's value.
   *
   * @throws IllegalArgumentException if it is not a node's uuid
   */
  public static NodeMark parse(String value) {
    return new NodeMark(NodeId.parse(value));
  }

  /** The property's value. */
  @Override
  public String toString() {
    return node.toString();
  }
}
