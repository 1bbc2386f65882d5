package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps records for as long as it lives itself. One thread at a time. */
final class MemoryStore implements ReplicationStore {
  final Map<Copy, CopyRecord> records = new HashMap<>();
  boolean isFull;
  int writes;
  int looks;
  private Optional<Instant> looked = Optional.empty();

  @Override
  public List<CopyRecord> list() {
    return new ArrayList<>(records.values());
  }

  @Override
  public Optional<Instant> looked() {
    return looked;
  }

  @Override
  public void looked(Instant when) {
    looks++;
    looked = Optional.of(when);
  }

  @Override
  public void put(CopyRecord copy) throws FailureException {
    if (isFull) {
      throw RequestFailure.STATE_UNAVAILABLE.because("the disk is full");
    }
    writes++;
    records.put(copy.copy(), copy);
  }

  @Override
  public void remove(Copy copy) {
    var _ = records.remove(copy);
  }
}
