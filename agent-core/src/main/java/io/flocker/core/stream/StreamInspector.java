package io.flocker.core.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import java.nio.ByteBuffer;

/**
 * Walks the records of a stream as its bytes pass and holds every {@code BEGIN} against the plan.
 * One thread only; keeps at most one record head in memory.
 */
public interface StreamInspector {
  /**
   * Looks at the next bytes; {@code bytes} is read from position to limit and left as it was.
   *
   * @throws FailureException at the first record that the plan or policy does not allow; none of
   *     {@code bytes} may then be passed on
   */
  void inspect(ByteBuffer bytes) throws FailureException;

  /** Whether a {@code BEGIN} has been judged: before that no byte may reach a child. */
  boolean hasBegun();

  /** The snapshot that the first one builds on; 0 for a full stream, and before it has begun. */
  default Guid base() {
    return Guid.NONE;
  }

  /**
   * Says that no more bytes come.
   *
   * @throws FailureException unless the last record was the stream's own end
   */
  void end() throws FailureException;
}
