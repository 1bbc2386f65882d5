package io.flocker.transfer.confirm;

/** What a peer makes of this node's word that it owns a volume. */
sealed interface Outcome {
  /** For people: why the peer has not confirmed it, or that it has. */
  String reason();

  /** The peer knows of no later owner. */
  record Confirmed() implements Outcome {
    @Override
    public String reason() {
      return "it is confirmed";
    }
  }

  /** This node must not write the volume: it was put out, or whoever was put out still writes. */
  record Refused(String reason) implements Outcome {}

  /** The peer says something else, and proves nothing. */
  record Doubted(String reason) implements Outcome {}

  /** The peer's flockerd is older than the question, and cannot answer it. */
  record Unasked(String reason) implements Outcome {}

  /** The peer does not answer. */
  record Unanswered(String reason) implements Outcome {}
}
