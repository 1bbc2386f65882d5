package io.flocker.core.replicate.change;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.ChangeMark;
import java.util.Map;

/** What of a pool tells, by a comparison with what it was before, that it was written to. */
@FunctionalInterface
public interface ChangeMarks {
  /** The mark of each dataset, by its full name. One command; blocks. */
  Map<String, ChangeMark> read() throws FailureException;
}
