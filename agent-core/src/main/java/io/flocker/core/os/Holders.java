package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flocker.core.storage.Holder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds who keeps a file system alive, by reading /proc as root. A mount that was detached lazily,
 * or that lives in another mount namespace, is in no list of ours and can still be written through.
 *
 * <p>Processes come and go meanwhile: one that vanishes while it is read held nothing that matters.
 */
public final class Holders {
  private static final Path PROC = Path.of("/proc");
  private static final List<String> LINKS = List.of("cwd", "root");
  private static final List<String> FOLDERS = List.of("fd", "map_files");

  private final long device;
  private final Optional<Path> ownMount;
  private final Set<Path> namespaces = new HashSet<>();
  private final List<Holder> found = new ArrayList<>();

  private Holders(long device, Optional<Path> ownMount) {
    this.device = device;
    this.ownMount = ownMount;
  }

  /**
   * All who hold {@code device}.
   *
   * @param device as {@link FileStatus#device} has it, read while the file system was mounted
   */
  public static List<Holder> of(long device) throws IOException {
    return new Holders(device, Optional.empty()).scan();
  }

  /** All who hold {@code device}, but for the mount at {@code ownMount} in our own namespace. */
  public static List<Holder> of(long device, Path ownMount) throws IOException {
    return new Holders(device, Optional.of(ownMount)).scan();
  }

  private List<Holder> scan() throws IOException {
    ownMount.ifPresent(this::readOwnMounts);
    for (Path process : list(PROC)) {
      String name = process.getFileName().toString();
      if (name.chars().allMatch(Character::isDigit)) {
        inspect(process, Long.parseLong(name));
      }
    }
    return List.copyOf(found);
  }

  private void readOwnMounts(Path mountpoint) {
    Path self = PROC.resolve("self");
    if (isNewNamespace(self)) {
      mounts(self).stream()
          .filter(mount -> !mount.mountpoint().equals(mountpoint.toString()))
          .forEach(mount -> add(self, ProcessHandle.current().pid(), mount.how()));
    }
  }

  private void inspect(Path process, long pid) {
    if (isNewNamespace(process)) {
      mounts(process).forEach(mount -> add(process, pid, mount.how()));
    }
    for (String link : LINKS) {
      addIfOnDevice(process, pid, link);
    }
    for (String folder : FOLDERS) {
      for (Path entry : list(process.resolve(folder))) {
        addIfOnDevice(process, pid, folder + "/" + entry.getFileName());
      }
    }
  }

  private void addIfOnDevice(Path process, long pid, String link) {
    try {
      if (FileStatus.device(process + "/" + link) == device) {
        add(process, pid, link);
      }
    } catch (NativeException _) {
      // Gone, or a kernel thread, which has none.
    }
  }

  private void add(Path process, long pid, String how) {
    found.add(new Holder(pid, command(process), how));
  }

  private static String command(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException _) {
      return "?";
    }
  }

  private boolean isNewNamespace(Path process) {
    try {
      return namespaces.add(Files.readSymbolicLink(process.resolve("ns/mnt")));
    } catch (IOException _) {
      return false;
    }
  }

  private List<MountLine> mounts(Path process) {
    try {
      return Files.readAllLines(process.resolve("mountinfo"), ISO_8859_1).stream()
          .map(MountLine::parse)
          .filter(mount -> mount.device() == device)
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  private static List<Path> list(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException _) {
      // The process has ended; what was read of it counts.
    }
    return entries;
  }
}
