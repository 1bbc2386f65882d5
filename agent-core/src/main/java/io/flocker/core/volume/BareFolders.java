package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.FileSystem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders that volumes were mounted on, while an operation has them unmounted: nobody shall
 * take one for the volume. It is removed at once, so that whoever writes on is told so; what is
 * written there all the same is moved aside before the volume is mounted again, by this daemon or
 * the next. Nothing is touched that was there before the unmount. Blocking; any thread may call,
 * one at a time for a volume.
 */
final class BareFolders {
  private static final String ASIDE = ".stray-";

  /**
   * By how much the clock of files is behind: it goes on by jiffies (time(7)), of 100 Hz at least.
   */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** A folder and what was moved aside from it, as {@link #WHEN} has it. */
  private static final Pattern STRAY =
      Pattern.compile("(?<folder>.+)\\.stray-\\d{8}T\\d{6}\\.\\d{3}Z");

  private final FolderJournal journal;

  /** Volumes that may stand in the journal. */
  private final Set<VolumeId> journalled = ConcurrentHashMap.newKeySet();

  /** The folders of unmounted volumes: whatever is in one now came after the unmount. */
  private final Map<VolumeId, Path> bare = new ConcurrentHashMap<>();

  /** Where what was written into a folder was moved to last. */
  private final Map<Path, Path> aside = new ConcurrentHashMap<>();

  BareFolders(FolderJournal journal) {
    this.journal = journal;
  }

  /**
   * Learns what a daemon that was here before has unmounted and not mounted again, and what it has
   * moved aside. Once, before anything is mounted.
   *
   * @param root the folder below which volumes are mounted
   */
  void recall(Path root) throws FailureException {
    for (FolderJournal.Entry entry : journal.list()) {
      boolean _ = journalled.add(entry.volume());
      unmounted(entry.volume(), entry.folder(), entry.mounted());
    }
    try {
      for (Path stray : FileCalls.ask(root, () -> MountFolder.entries(root))) {
        Matcher name = STRAY.matcher(stray.getFileName().toString());
        if (name.matches()) {
          var _ = aside.merge(root.resolve(name.group("folder")), stray, BareFolders::later);
        }
      }
    } catch (IOException e) {
      Action.traceback(e); // What was moved aside stays where it is, and is merely not told of.
    }
  }

  private static Path later(Path one, Path other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /**
   * Unmounts a volume of this node's, and takes the folder away: a writer that goes on shall fail,
   * not fill the root disk.
   *
   * @param mountpoint where it is mounted
   */
  void unmount(VolumeId volume, Path mountpoint, AllOrNothing.Step unmounting)
      throws FailureException {
    Instant mounted = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    unmounting(volume, mountpoint, mounted);
    try {
      unmounting.run();
    } finally {
      unmounted(volume, mountpoint, mounted);
    }
  }

  /**
   * A volume is about to be unmounted. That goes on where it cannot be written down, for only a
   * daemon that comes after this one would have to know.
   *
   * @param mounted a moment when the volume was still mounted
   */
  private void unmounting(VolumeId volume, Path folder, Instant mounted) {
    boolean _ = journalled.add(volume);
    try {
      journal.add(new FolderJournal.Entry(volume, folder, mounted));
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  /**
   * Removes the folder that a volume was mounted on a moment ago; does nothing where something is
   * mounted on it still.
   *
   * @param mounted a moment when the volume was still mounted
   */
  void unmounted(VolumeId volume, Path folder, Instant mounted) {
    if (isBare(folder, mounted)) {
      var _ = bare.put(volume, folder);
    } else {
      strike(volume);
    }
  }

  private static boolean isBare(Path folder, Instant mounted) {
    try {
      return FileCalls.ask(
          folder,
          () ->
              !isMountPoint(folder)
                  && (MountFolder.remove(folder)
                      || !MountFolder.isThere(folder)
                      || isAllYounger(folder, mounted)));
    } catch (IOException e) {
      Action.traceback(e); // It stays, and what is in it.
      return false;
    }
  }

  /**
   * Makes room for the mount: what was written into the folder since the unmount is moved aside.
   *
   * @throws FailureException {@code MOUNTPOINT_UNUSABLE}, {@code MOUNT_SILENT}
   */
  void clear(VolumeId volume, Path folder) throws FailureException {
    if (!folder.equals(bare.get(volume))) {
      return;
    }
    try {
      Optional<Path> moved = FileCalls.ask(folder, () -> moveAsideIfBare(folder));
      moved.ifPresent(beside -> tellMoved(volume, folder, beside));
    } catch (IOException e) {
      throw MountFolder.unusable(
          folder,
          "what was written into "
              + folder
              + " while nothing was mounted there cannot be moved aside",
          e);
    }
  }

  /** From now on the folder is the volume's again. */
  void mounted(VolumeId volume) {
    var _ = bare.remove(volume);
    strike(volume);
  }

  /** Forgets all volumes but these. */
  void retain(List<VolumeId> volumes) {
    bare.keySet().retainAll(volumes);
    journalled.stream().filter(volume -> !volumes.contains(volume)).forEach(this::strike);
  }

  private void strike(VolumeId volume) {
    if (journalled.contains(volume)) {
      try {
        journal.remove(volume);
        boolean _ = journalled.remove(volume);
      } catch (FailureException _) {
        // A full disk is told of elsewhere; the next look at what is mounted tries again.
      }
    }
  }

  /** Where what was written beside the volume lies, for people, for as long as it lies there. */
  Optional<String> note(Path mountpoint) {
    return Optional.ofNullable(aside.get(mountpoint))
        .filter(BareFolders::isStillThere)
        .map(path -> "what was written while it was not mounted lies in " + path);
  }

  private static boolean isStillThere(Path stray) {
    try {
      return MountFolder.exists(stray);
    } catch (FailureException _) {
      return true; // As far as anybody knows.
    }
  }

  private static Optional<Path> moveAsideIfBare(Path folder) throws IOException {
    return MountFolder.isFolder(folder) && !isMountPoint(folder) && !MountFolder.remove(folder)
        ? Optional.of(moveAside(folder))
        : Optional.empty();
  }

  private static Path moveAside(Path folder) throws IOException {
    Path beside = folder.resolveSibling(folder.getFileName() + ASIDE + WHEN.format(Instant.now()));
    if (MountFolder.isThere(beside)) {
      throw new IOException(beside + " is there already");
    }
    return Files.move(folder, beside, StandardCopyOption.ATOMIC_MOVE);
  }

  private void tellMoved(VolumeId volume, Path folder, Path beside) {
    var _ = aside.put(folder, beside);
    Action.message(
        MessageType.VOLUME_FOLDER_MOVED,
        Map.of(
            "volume", volume.toString(),
            "mountpoint", folder.toString(),
            "stray", beside.toString()));
  }

  private static boolean isMountPoint(Path folder) throws IOException {
    return FileSystem.find(folder).isPresent();
  }

  /** Of what lay hidden below the mount nothing is ours. */
  private static boolean isAllYounger(Path folder, Instant mounted) throws IOException {
    Instant earliest = mounted.minus(TICK);
    if (!MountFolder.isFolder(folder)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        FileTime changed =
            (FileTime) Files.getAttribute(entry, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        if (changed.toInstant().isBefore(earliest)) {
          return false;
        }
      }
    }
    return true;
  }
}
