package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import java.util.List;

/** Keeps what is known of copies. Any thread; blocks. On disk when a method returns. */
public interface ReplicationStore {
  /** All of them. */
  List<CopyRecord> list() throws FailureException;

  /** Keeps it, in place of what was kept of that copy before. */
  void put(CopyRecord copy) throws FailureException;

  /** Forgets it; one that is not kept is no failure. */
  void remove(Copy copy) throws FailureException;
}
