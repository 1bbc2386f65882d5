package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps what is known of copies. Any thread; blocks. On disk when a method returns. */
public interface ReplicationStore {
  /** All of them. */
  List<CopyRecord> list() throws FailureException;

  /** What was last given to {@link #looked(Instant)}; empty if nothing ever was. */
  Optional<Instant> looked() throws FailureException;

  /** Keeps when all volumes were last looked at, in place of what was kept before. */
  void looked(Instant when) throws FailureException;

  /** Keeps it, in place of what was kept of that copy before. */
  void put(CopyRecord copy) throws FailureException;

  /** Forgets it; one that is not kept is no failure. */
  void remove(Copy copy) throws FailureException;
}
