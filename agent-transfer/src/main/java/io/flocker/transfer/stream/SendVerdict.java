package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Proof;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What has ended the sending of a stream; the child may still be running. */
sealed interface SendVerdict {
  /** The peer's final response. */
  record Answer(int status, JsonNode body, Optional<Proof> proof) implements SendVerdict {}

  /** Nobody is going to answer. */
  record Broken(FailureException why) implements SendVerdict {}
}
