package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.state.StateFile;
import io.flocker.core.volume.ownership.Epochs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The highest epoch of each volume that this node ever heard of, in {@value #FILE} of its state
 * folder: whoever comes with a lower one has missed a change of owner. Any thread may call.
 */
public final class EpochMemory {
  /** The file's name. */
  public static final String FILE = "epochs.json";

  /** The file's content: epochs by lineage. */
  record Page(int version, Map<String, Long> epochs) implements StateFile.Content {}

  private final StateFile<Page> file;

  /** Replaced, never changed: every listing reads it for every volume, and waits for nobody. */
  private volatile Map<String, Long> epochs;

  private EpochMemory(StateFile<Page> file, Map<String, Long> epochs) {
    this.file = file;
    this.epochs = Map.copyOf(epochs);
  }

  /**
   * Opens the memory of a node; a missing file remembers nothing. What no epoch can be, and an
   * older flockerd has remembered all the same, is forgotten.
   *
   * @param folder the node's state folder, which exists
   * @throws IOException naming the file and what is wrong with it
   */
  public static EpochMemory open(Path folder) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    Map<String, Long> known = new TreeMap<>(file.read().map(Page::epochs).orElse(Map.of()));
    boolean _ = known.values().removeIf(epoch -> !Epochs.isPossible(epoch));
    return new EpochMemory(file, known);
  }

  /** The highest epoch seen; 0 for a volume that was never heard of. */
  public long highest(VolumeId lineage) {
    return epochs.getOrDefault(lineage.toString(), 0L);
  }

  /**
   * Refuses an epoch below the highest.
   *
   * @throws FailureException {@code STALE_EPOCH}
   */
  public void refuseStale(VolumeId lineage, long epoch) throws FailureException {
    Optional<FailureException> stale = Epochs.stale(lineage, highest(lineage), epoch);
    if (stale.isPresent()) {
      throw stale.get();
    }
  }

  /**
   * Remembers an epoch; a new highest one is on disk when this returns. What no epoch can be is not
   * remembered.
   *
   * @throws FailureException {@code STALE_EPOCH} if a higher one was seen before
   */
  public synchronized void observe(VolumeId lineage, long epoch) throws FailureException {
    refuseStale(lineage, epoch);
    if (epoch > highest(lineage) && Epochs.isPossible(epoch)) {
      Map<String, Long> changed = new TreeMap<>(epochs);
      changed.put(lineage.toString(), epoch);
      file.write(new Page(StateFile.VERSION, changed));
      epochs = Map.copyOf(changed);
    }
  }
}
