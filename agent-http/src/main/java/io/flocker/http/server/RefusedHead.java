package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.Optional;

/** Ends the decoding of a head, or of trailers, by a failure that its caller is told. */
final class RefusedHead extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final FailureException failure;

  RefusedHead(FailureException failure) {
    super(failure);
    this.failure = failure;
  }

  /** The failure because of which decoding ended; empty if it ended by something else. */
  static Optional<FailureException> failure(Throwable cause) {
    return cause instanceof RefusedHead refused ? Optional.of(refused.failure) : Optional.empty();
  }

  /** What the caller is told whose chunks or trailers could not be decoded. */
  static FailureException ofBody(Throwable cause) {
    return failure(cause)
        .orElseGet(() ->
            RequestFailure.MALFORMED_REQUEST.because(
                "The body is not chunked as RFC 9112 has it."));
  }
}
