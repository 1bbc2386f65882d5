package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.os.RealPath;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.MountFolder;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.listing.DatasetReader;
import io.flocker.zfs.listing.MountView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Mounts writable and unmounts, one property at a time: zfs-fuse cannot set two. */
final class Mounts {
  private final ZfsTool zfs;
  private final DatasetReader reader;
  private final Seal seal;
  private final boolean hasTemporaryMount;
  private final Duration deadline;

  /**
   * zfs-fuse is told of a mount in two parts. Those of two mounts at once mingle, and its thread
   * for all mounts waits for the rest for ever: nothing in any of them answers any more (seen).
   */
  private final ReentrantLock turn = new ReentrantLock();

  Mounts(
      ZfsTool zfs, DatasetReader reader, Seal seal, boolean hasTemporaryMount, Duration deadline) {
    this.zfs = zfs;
    this.reader = reader;
    this.seal = seal;
    this.hasTemporaryMount = hasTemporaryMount;
    this.deadline = deadline;
  }

  void mountWritable(String name, Path mountpoint) throws FailureException {
    MountView now = reader.mount(name);
    if (!now.isMounted()) {
      MountFolder.requireFree(mountpoint); // OpenZFS mounts over whatever is there.
    }
    if (now.keptQuotaBytes().isPresent()) {
      open(now, now.keptQuotaBytes().getAsLong());
    }
    boolean isThere = now.isMounted() && isSame(now, mountpoint);
    if (isThere && !now.isReadonly()) {
      return;
    }
    if (isThere && hasTemporaryMount) {
      makeWritable(name);
      return;
    }
    refuseMounted(now);
    // canmount first: a new mountpoint makes ZFS mount what it may.
    if (!now.isAutomountForbidden()) {
      set(name, "canmount=noauto");
    }
    if (now.mountpoint().filter(mountpoint::equals).isEmpty()) {
      set(name, "mountpoint=" + mountpoint);
    }
    MountFolder.make(mountpoint);
    if (hasTemporaryMount) {
      mount(name, List.of("mount", "-o", "rw", name));
    } else {
      mountWithoutReadonly(name);
    }
  }

  /** Whether it is mounted there, whatever symbolic links are on the way. */
  private static boolean isSame(MountView now, Path mountpoint) {
    return now.mountpoint().map(RealPath::of).filter(RealPath.of(mountpoint)::equals).isPresent();
  }

  void mountReadonly(String name) throws FailureException {
    if (!reader.mount(name).isMounted()) {
      mount(name, List.of("mount", name));
    }
  }

  void unmount(String name) throws FailureException {
    try {
      runAlone(List.of("unmount", name));
    } catch (FailureException e) {
      if (reader.mount(name).isMounted()) {
        throw e;
      }
    }
    if (!hasTemporaryMount) {
      set(name, "readonly=on"); // A temporary mount has that end by itself.
    }
  }

  /** A rename or destroy would unmount it, and zfs-fuse would then leave it so when it fails. */
  void refuseMounted(String name) throws FailureException {
    refuseMounted(reader.mount(name));
  }

  private static void refuseMounted(MountView now) throws FailureException {
    if (now.isMounted()) {
      throw StorageFailure.DATASET_BUSY.because(
          now.name() + now.mountpoint().map(path -> " is mounted at " + path).orElse(""));
    }
  }

  /**
   * Ends the seal, and puts the volume's quota in force. What is full may take a little more than
   * its quota: then no more may be written, and the quota itself is kept until it fits.
   */
  private void open(MountView now, long quotaBytes) throws FailureException {
    try {
      seal.open(now.name(), now.quotaBytes(), quotaBytes);
    } catch (FailureException e) {
      if (e.failure() != OwnershipFailure.QUOTA_TOO_SMALL) {
        throw e;
      }
      seal.openOverfull(existing(now.name()), e);
    }
  }

  private Dataset existing(String name) throws FailureException {
    return reader
        .one(name)
        .orElseThrow(() -> StorageFailure.DATASET_NOT_FOUND.because("there is no dataset " + name));
  }

  /** A mount that is there is read-only once somebody has set {@code readonly} here or above. */
  private void makeWritable(String name) throws FailureException {
    String _ = zfs.run(deadline, List.of("mount", "-o", "remount,rw", name));
    if (reader.mount(name).isReadonly()) {
      throw StorageFailure.ZFS_FAILED.because(
          name + " was mounted for writing, and is read-only all the same");
    }
  }

  private void mountWithoutReadonly(String name) throws FailureException {
    set(name, "readonly=off");
    try {
      mount(name, List.of("mount", name));
    } catch (FailureException | RuntimeException e) {
      unmountAfter(e, name);
      throw e;
    }
  }

  /** The mount may be there all the same, its answer being lost: nobody shall write to it. */
  private void unmountAfter(Exception cause, String name) {
    try {
      unmount(name);
    } catch (FailureException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Mounts, and looks: a zfs-fuse that was just started may say nothing and not mount. */
  private void mount(String name, List<String> arguments) throws FailureException {
    runAlone(arguments);
    if (!reader.mount(name).isMounted()) {
      throw StorageFailure.ZFS_FAILED.because(
          "ZFS said that it mounted " + name + ", and it is not mounted");
    }
  }

  private void runAlone(List<String> arguments) throws FailureException {
    if (hasTemporaryMount) {
      String _ = zfs.run(deadline, arguments);
      return;
    }
    awaitTurn(arguments);
    try {
      String _ = zfs.run(deadline, arguments);
    } finally {
      turn.unlock();
    }
  }

  private void awaitTurn(List<String> arguments) throws FailureException {
    String name = arguments.getLast();
    try {
      if (!turn.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw StorageFailure.ZFS_TIMEOUT.because(
            "mounting " + name + " waited " + deadline.toSeconds() + " s behind other mounts");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED.because("mounting " + name + " was interrupted").causedBy(e);
    }
  }

  private void set(String name, String assignment) throws FailureException {
    String _ = zfs.run("set", assignment, name);
  }
}
