package io.flocker.core.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Finds who keeps a file system alive, by reading /proc as root. A mount that was detached lazily,
 * or that lives in another mount namespace, is in no list of ours and can still be written through.
 * Blocking, up to the deadline of {@link FileCalls}: the memory of a process that waits for a file
 * system in vain cannot be looked at. Any thread may call.
 *
 * <p>Processes come and go meanwhile: one that vanishes while it is read held nothing that matters.
 */
public final class Holders {
  private static final Path PROC = Path.of("/proc");
  private static final Path SELF = PROC.resolve("self");
  private static final List<String> LINKS = List.of("cwd", "root");
  private static final List<String> FOLDERS = List.of("fd", "map_files");

  /** A mount namespace, told by one of its processes. */
  private record Namespace(Path process, long pid, MountTable table) {}

  /** What decides which mounts a process is told of: those below its root only. */
  private record Sight(Path namespace, Path root) {}

  private final long device;
  private final List<Holder> found = new ArrayList<>();

  private Holders(long device) {
    this.device = device;
  }

  /**
   * All who hold a file system, any mount of it included. Once it is unmounted and its device
   * number is another one's, that is nobody.
   */
  public static List<Holder> of(FileSystem fileSystem) throws IOException {
    return FileCalls.ask(PROC, () -> search(fileSystem));
  }

  private static List<Holder> search(FileSystem fileSystem) {
    List<Namespace> seen = namespaces();
    if (isReused(fileSystem, seen)) {
      return List.of();
    }
    Holders holders = new Holders(fileSystem.device());
    holders.searchMounts(seen, (_, _) -> false); // In these, so that one that goes at once is none.
    List<Holder> found = holders.searchProcesses();
    return found.isEmpty() || !isReused(fileSystem, namespaces()) ? found : List.of();
  }

  private static boolean isReused(FileSystem fileSystem, List<Namespace> seen) {
    return seen.stream()
        .flatMap(namespace -> namespace.table().of(fileSystem.device()).stream())
        .anyMatch(mount -> !mount.source().equals(fileSystem.source()));
  }

  /**
   * Who would hold the file system at {@code mountpoint} if that was unmounted: all but the mount
   * itself and those that vanish with it. A service of a usual host has a mount namespace of its
   * own, in which our mounts come and go as they do here: such a copy is nobody's hold.
   *
   * @throws IOException also if nothing is mounted at {@code mountpoint}
   */
  public static List<Holder> beyond(Path mountpoint) throws IOException {
    return FileCalls.ask(PROC, () -> searchBeyond(mountpoint));
  }

  private static List<Holder> searchBeyond(Path mountpoint) throws IOException {
    MountTable table = MountTable.ofSelf();
    MountLine own = table.require(mountpoint);
    Optional<MountTable.Place> origin = table.place(own);
    List<Namespace> namespaces = namespaces();
    Propagation propagation = new Propagation(namespaces.stream().map(Namespace::table).toList());
    Holders holders = new Holders(own.device());
    holders.searchMounts(
        namespaces,
        (there, mount) ->
            mount.id() == own.id()
                || origin
                    .flatMap(from -> there.place(mount).map(to -> propagation.reaches(from, to)))
                    .orElse(false));
    return holders.searchProcesses();
  }

  private void searchMounts(
      List<Namespace> namespaces, BiPredicate<MountTable, MountLine> isHarmless) {
    for (Namespace namespace : namespaces) {
      namespace.table().of(device).stream()
          .filter(mount -> !isHarmless.test(namespace.table(), mount))
          .forEach(mount -> add(namespace.process(), namespace.pid(), mount.how()));
    }
  }

  private List<Holder> searchProcesses() {
    for (Path process : processes()) {
      long pid = pid(process);
      LINKS.forEach(link -> addIfOnDevice(process, pid, link));
      for (String folder : FOLDERS) {
        for (Path entry : list(process.resolve(folder))) {
          addIfOnDevice(process, pid, folder + "/" + entry.getFileName());
        }
      }
    }
    return List.copyOf(found);
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

  /** Every namespace once for each root that is seen in it; our own is told by ourselves. */
  private static List<Namespace> namespaces() {
    Map<Sight, Namespace> namespaces = new LinkedHashMap<>();
    Stream.concat(Stream.of(SELF), processes().stream())
        .forEach(process -> addIfNew(process, namespaces));
    return List.copyOf(namespaces.values());
  }

  private static void addIfNew(Path process, Map<Sight, Namespace> namespaces) {
    try {
      Sight sight =
          new Sight(
              Files.readSymbolicLink(process.resolve("ns/mnt")),
              Files.readSymbolicLink(process.resolve("root")));
      if (!namespaces.containsKey(sight)) {
        namespaces.put(sight, new Namespace(process, pid(process), MountTable.of(process)));
      }
    } catch (IOException _) {
      // It has ended; another process tells of its namespace, if there is one.
    }
  }

  private static List<Path> processes() {
    return list(PROC).stream()
        .filter(entry -> entry.getFileName().toString().chars().allMatch(Character::isDigit))
        .toList();
  }

  private static long pid(Path process) {
    return process.equals(SELF)
        ? ProcessHandle.current().pid()
        : Long.parseLong(process.getFileName().toString());
  }

  private static String command(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException _) {
      return "?";
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
