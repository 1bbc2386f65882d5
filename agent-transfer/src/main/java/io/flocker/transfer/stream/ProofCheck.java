package io.flocker.transfer.stream;

import static io.flocker.core.failure.TransferFailure.NOT_A_STREAM;
import static io.flocker.core.failure.TransferFailure.UNPROVEN;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.Proof;
import io.flocker.core.stream.StreamInspector;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Decides whether a stream may end well. */
final class ProofCheck {
  private static final String LOWER_CASE_TRAILER = Proof.TRAILER.toLowerCase(Locale.ROOT);

  private ProofCheck() {}

  /**
   * Holds what the sender vouches for against what came.
   *
   * @param trailers by lower-case name
   * @throws FailureException unless everything agrees
   */
  static Proof of(Map<String, String> trailers, StreamMeter meter, StreamInspector inspector)
      throws FailureException {
    Proof vouched = parse(trailers);
    Exit exit = new Exit(vouched.exit());
    if (!exit.isSuccess()) {
      throw UNPROVEN
          .because("the sending child ended with " + exit)
          .with("sender", Map.of("exit", exit.code()));
    }
    Proof seen = meter.proof(vouched.exit());
    if (!vouched.equals(seen)) {
      throw UNPROVEN.because("the sender vouches for '" + vouched + "', and '" + seen + "' came");
    }
    requireWhole(inspector);
    return vouched;
  }

  /**
   * What came, for which nobody vouches: that it has its own END record has to be enough.
   *
   * @throws FailureException if it has none
   */
  static Proof unproven(StreamMeter meter, StreamInspector inspector) throws FailureException {
    requireWhole(inspector);
    return meter.proof(0);
  }

  private static void requireWhole(StreamInspector inspector) throws FailureException {
    if (!inspector.hasBegun()) {
      throw NOT_A_STREAM.because("the body ended before its first BEGIN record");
    }
    inspector.end();
  }

  private static Proof parse(Map<String, String> trailers) throws FailureException {
    String value = trailers.get(LOWER_CASE_TRAILER);
    if (value == null) {
      throw UNPROVEN.because("the body ended without the trailer " + Proof.TRAILER);
    }
    try {
      return Proof.parse(value);
    } catch (IllegalArgumentException e) {
      throw UNPROVEN.because(Objects.toString(e.getMessage()));
    }
  }
}
