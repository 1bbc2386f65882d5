package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for how streams end, and for what happens on the way. */
final class Outcomes {
  /** Far more than anything takes, on a machine that is busy with other things too. */
  private static final long PATIENCE_SECONDS = 120;

  private Outcomes() {}

  /** The stream ends with an answer of the peer. */
  static SendOutcome.Answered answered(StreamSender sender) throws Exception {
    SendOutcome outcome = outcome(sender);
    return assertInstanceOf(SendOutcome.Answered.class, outcome, outcome::toString);
  }

  /** The stream ends without one. */
  static SendOutcome.Failed failed(StreamSender sender) throws Exception {
    SendOutcome outcome = outcome(sender);
    return assertInstanceOf(SendOutcome.Failed.class, outcome, outcome::toString);
  }

  static SendOutcome outcome(StreamSender sender) throws Exception {
    return await(sender.outcome().toCompletableFuture());
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
