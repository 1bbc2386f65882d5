package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The mounts of one mount namespace, as one of its processes sees them. */
record MountTable(List<MountLine> mounts) {
  /** Where a mount is attached: on which mount, and at which path of that one's file system. */
  record Place(MountLine parent, String path) {}

  /** Reads the mounts that a process sees. */
  static MountTable of(Path process) throws IOException {
    return parse(Files.readAllLines(process.resolve("mountinfo"), ISO_8859_1));
  }

  /** The mounts that this process sees. */
  static MountTable ofSelf() throws IOException {
    return of(Path.of("/proc/self"));
  }

  static MountTable parse(List<String> lines) {
    return new MountTable(lines.stream().map(MountLine::parse).toList());
  }

  /** The mounts of the file system {@code device}. */
  List<MountLine> of(long device) {
    return mounts.stream().filter(mount -> mount.device() == device).toList();
  }

  /** The topmost mount at {@code mountpoint}, whatever links lead there. */
  Optional<MountLine> at(Path mountpoint) {
    String listed = RealPath.of(mountpoint).toString();
    return mounts.stream()
        .filter(mount -> mount.mountpoint().equals(listed))
        .reduce((_, later) -> later);
  }

  /** The mount that {@code folder} is on, whatever links lead there. */
  MountLine holding(Path folder) throws IOException {
    for (Path above = RealPath.of(folder); above != null; above = above.getParent()) {
      Optional<MountLine> mount = at(above);
      if (mount.isPresent()) {
        return mount.get();
      }
    }
    throw new IOException("nothing is mounted above " + folder);
  }

  /** The topmost mount at {@code mountpoint}, which must have one. */
  MountLine require(Path mountpoint) throws IOException {
    return at(mountpoint).orElseThrow(() -> new IOException("nothing is mounted at " + mountpoint));
  }

  /** Where {@code mount} of this table is attached; empty for the root of the namespace. */
  Optional<Place> place(MountLine mount) {
    return mounts.stream()
        .filter(other -> other.id() == mount.parent())
        .findFirst()
        .map(parent -> new Place(parent, pathWithin(parent, mount)));
  }

  private static String pathWithin(MountLine parent, MountLine mount) {
    Path below = Path.of(parent.mountpoint()).relativize(Path.of(mount.mountpoint()));
    return Path.of(parent.root()).resolve(below).normalize().toString();
  }
}
