package io.flocker.transfer.attach;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.state.StateFile;
import io.flocker.core.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who has mounted which volumes of this node by the container engine, in {@value #FILE} of the
 * state folder: the engine's mounts outlive the daemon, but not the machine's run. Any thread may
 * call.
 */
public final class MountBook {
  /** The file's name. */
  public static final String FILE = "docker-mounts.json";

  /** More containers than a machine runs. */
  private static final int MOST = 10_000;

  /**
   * From the engine's word that it mounts to the process that has the mount; an engine that was
   * killed in between never says that it does not mount any more.
   */
  private static final Duration ON_THE_WAY = Duration.ofMinutes(5);

  /**
   * One mount.
   *
   * @param caller the engine's id of whoever mounts: a container's start, or a copy into it
   */
  public record Mount(VolumeId volume, VolumeName name, String caller, Instant since) {
    private boolean is(VolumeName other, String by) {
      return name.equals(other) && caller.equals(by);
    }
  }

  /** The file's content. */
  record Page(int version, UUID boot, List<Mount> mounts) implements StateFile.Content {}

  private final StateFile<Page> file;
  private final UUID boot;
  private final InstantSource clock;
  private final Set<VolumeId> leaving = new HashSet<>();
  private List<Mount> mounts;

  /** A volume that is on its way to a peer, and is mounted for nobody until it is closed. */
  public final class Leave implements AutoCloseable {
    private final VolumeId volume;

    private Leave(VolumeId volume) {
      this.volume = volume;
    }

    @Override
    public void close() {
      stay(volume);
    }
  }

  private MountBook(StateFile<Page> file, UUID boot, InstantSource clock, List<Mount> mounts) {
    this.file = file;
    this.boot = boot;
    this.clock = clock;
    this.mounts = mounts;
  }

  /**
   * Opens the book; a missing file, and one of an earlier run of the machine, is an empty book.
   *
   * @param folder the node's state folder, which exists
   * @param boot of the machine's present run
   * @throws IOException naming the file and what is wrong with it
   */
  public static MountBook open(Path folder, UUID boot, InstantSource clock) throws IOException {
    StateFile<Page> file = new StateFile<>(folder.resolve(FILE), Page.class);
    List<Mount> mounts =
        file.read().filter(page -> page.boot().equals(boot)).map(Page::mounts).orElse(List.of());
    return new MountBook(file, boot, clock, List.copyOf(mounts));
  }

  /**
   * Notes a mount; once is enough.
   *
   * @throws FailureException {@code VOLUME_LOCKED} while the volume is on its way to a peer
   */
  public synchronized void mounted(VolumeId volume, VolumeName name, String caller)
      throws FailureException {
    if (leaving.contains(volume)) {
      throw OwnershipFailure.VOLUME_LOCKED.because(name + " is on its way to another node");
    }
    if (mounts.stream().anyMatch(mount -> mount.is(name, caller))) {
      return;
    }
    if (mounts.size() == MOST) {
      throw RequestFailure.NODE_BUSY.because("the engine has mounted " + MOST + " volumes");
    }
    List<Mount> more = new ArrayList<>(mounts);
    more.add(new Mount(volume, name, caller, clock.instant()));
    write(more);
  }

  /** Notes that a mount has ended; one that is not known has ended before. */
  public synchronized void unmounted(VolumeName name, String caller) throws FailureException {
    removeIf(mount -> mount.is(name, caller));
  }

  /** Who has mounted a volume, in order. */
  public synchronized List<Mount> of(VolumeId volume) {
    return mounts.stream().filter(mount -> mount.volume().equals(volume)).toList();
  }

  /**
   * Begins to take a volume away, once its caller has seen that no process holds it: a mount that
   * was noted long ago must have ended without a word.
   *
   * @throws FailureException {@code VOLUME_IN_USE} if the engine has just mounted it, {@code
   *     VOLUME_LOCKED} if it is on its way already
   */
  synchronized Leave leave(VolumeId volume) throws FailureException {
    Instant old = clock.instant().minus(ON_THE_WAY);
    removeIf(mount -> mount.volume().equals(volume) && mount.since().isBefore(old));
    List<Mount> present = of(volume);
    if (!present.isEmpty()) {
      throw inUse(present);
    }
    if (!leaving.add(volume)) {
      throw OwnershipFailure.VOLUME_LOCKED.because(volume + " is on its way to another node");
    }
    return new Leave(volume);
  }

  private static FailureException inUse(List<Mount> mounts) {
    String callers = mounts.stream().map(Mount::caller).collect(Collectors.joining(", "));
    return OwnershipFailure.VOLUME_IN_USE.because(
        mounts.getFirst().name() + " has just been mounted by the container engine for " + callers);
  }

  private synchronized void stay(VolumeId volume) {
    boolean _ = leaving.remove(volume);
  }

  private void removeIf(Predicate<Mount> ended) throws FailureException {
    List<Mount> left = mounts.stream().filter(ended.negate()).toList();
    if (left.size() < mounts.size()) {
      write(left);
    }
  }

  private void write(List<Mount> changed) throws FailureException {
    file.write(new Page(StateFile.VERSION, boot, changed));
    mounts = List.copyOf(changed);
  }
}
