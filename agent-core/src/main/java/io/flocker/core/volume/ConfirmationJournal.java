package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.List;

/**
 * Where a node writes down what its peers have confirmed: one of each peer for a volume, the
 * latest. Any thread may call; every method blocks on the disk.
 */
public interface ConfirmationJournal {
  /** All of them. */
  List<Confirmation> list() throws FailureException;

  /** Writes one down, in place of the peer's earlier one for the volume. */
  void add(Confirmation confirmation) throws FailureException;

  /** Strikes all of a volume. */
  void remove(VolumeId volume) throws FailureException;
}
