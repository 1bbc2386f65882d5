package io.flocker.core.volume;

import io.flocker.core.id.VolumeId;
import java.util.ArrayList;
import java.util.List;

/** What peers have confirmed, in memory. Any thread. */
public final class FakeConfirmations implements ConfirmationJournal {
  private final List<Confirmation> confirmations = new ArrayList<>();

  @Override
  public synchronized List<Confirmation> list() {
    return List.copyOf(confirmations);
  }

  @Override
  public synchronized void add(Confirmation added) {
    boolean _ =
        confirmations.removeIf(
            one -> one.volume().equals(added.volume()) && one.peer().equals(added.peer()));
    boolean _ = confirmations.add(added);
  }

  @Override
  public synchronized void remove(VolumeId volume) {
    boolean _ = confirmations.removeIf(one -> one.volume().equals(volume));
  }
}
