package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealPathTest {
  @Test
  void followsLinksAsFarAsThereIsAnything(@TempDir Path temporary) throws Exception {
    Path folder = temporary.toRealPath();
    Path disk = Files.createDirectories(folder.resolve("disk/volumes"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("disk"));
    Path broken = Files.createSymbolicLink(folder.resolve("broken"), Path.of("nowhere"));

    assertEquals(disk, RealPath.of(disk));
    assertEquals(folder.resolve("disk"), RealPath.of(link));
    assertEquals(disk.resolve("a/b"), RealPath.of(link.resolve("volumes/a/b")));
    assertEquals(folder, RealPath.of(link.resolve("..")), "as the kernel takes it");
    assertEquals(broken.resolve("a"), RealPath.of(broken.resolve("a")));
    assertEquals(Path.of("/"), RealPath.of(Path.of("/")));
  }

  @Test
  void whatIsMountedIsFoundThroughLinks(@TempDir Path folder) throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/proc"));
    Path root = Files.createSymbolicLink(folder.resolve("root"), Path.of("/"));

    assertEquals(FileSystem.at(Path.of("/proc")), FileSystem.at(link));
    assertTrue(FileSystem.find(root.resolve("proc")).isPresent());
  }
}
