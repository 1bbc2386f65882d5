package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import org.junit.jupiter.api.function.Executable;

/** Says which failure something has to end with. */
final class Failing {
  private Failing() {}

  static FailureException assertFails(Failure expected, Executable attempt) {
    FailureException failure = assertThrows(FailureException.class, attempt);
    assertEquals(expected, failure.failure(), failure::detail);
    return failure;
  }
}
