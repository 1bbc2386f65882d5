package io.flocker.transfer.confirm;

/** What comes of a question whether this node owns a volume. */
sealed interface Outcome {
  /** Why the peer has not confirmed it, for people; that it has, where it has. */
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

  /** The peer is of before the question, and cannot answer it. */
  record Unasked(String reason) implements Outcome {}

  /** The peer does not answer. */
  record Unanswered(String reason) implements Outcome {}
}
