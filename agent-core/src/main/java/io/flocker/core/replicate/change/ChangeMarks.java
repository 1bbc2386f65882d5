package io.flocker.core.replicate.change;

import io.flocker.core.failure.FailureException;
import java.util.Map;

/** What of a pool tells, by a comparison with what it was before, that it was written to. */
@FunctionalInterface
public interface ChangeMarks {
  /**
   * A mark of each dataset: another one means that it was written to, an empty one that it was not
   * since its last snapshot. One command; blocks.
   */
  Map<String, String> read() throws FailureException;
}
