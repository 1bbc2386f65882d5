package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Proof;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How the sending of one stream ended. */
public sealed interface SendOutcome {
  /**
   * The peer has answered: with its result if the status is 2xx, else with its problem document.
   *
   * @param proof what the sender vouched for; empty when the peer answered before the end
   * @param bytes how many were sent
   * @param child how the sending child ended; empty when it was never started
   */
  record Answered(
      int status, JsonNode body, Optional<Proof> proof, long bytes, Optional<ChildEnd> child)
      implements SendOutcome {}

  /**
   * There is no answer; {@code failure} says why, with the member {@code sender} where a child ran.
   *
   * @param bytes how many were sent
   */
  record Failed(FailureException failure, long bytes) implements SendOutcome {}
}
