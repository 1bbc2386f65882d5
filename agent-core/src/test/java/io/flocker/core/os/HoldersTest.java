package io.flocker.core.os;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldersTest {
  @Test
  void findsAnOpenDescriptorAndAWorkingDirectory(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("file"), "x");
    Process child =
        new ProcessBuilder("sh", "-c", "exec 7<file; echo ready; read _")
            .directory(folder.toFile())
            .start();
    try (var out = child.inputReader()) {
      assertEquals("ready", out.readLine());

      List<String> how =
          Holders.of(mountedAbove(folder)).stream()
              .filter(holder -> holder.pid() == child.pid())
              .map(Holder::how)
              .toList();

      assertTrue(how.contains("fd/7"), how.toString());
      assertTrue(how.contains("cwd"), how.toString());
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void namesTheMountsAndIgnoresTheOneToBeUnmounted() throws Exception {
    Path proc = Path.of("/proc");

    assertTrue(isMountFound(Holders.of(FileSystem.at(proc))));
    assertFalse(isMountFound(Holders.beyond(proc)));
  }

  @Test
  void saysWhereNothingIsMounted(@TempDir Path folder) {
    IOException e = assertThrows(IOException.class, () -> Holders.beyond(folder));

    assertTrue(e.toString().contains(folder.toString()), e.toString());
  }

  @Test
  void findsNobodyOnceTheNumberOfADeviceIsAnotherOnes() throws Exception {
    FileSystem proc = FileSystem.at(Path.of("/proc"));

    assertTrue(isMountFound(Holders.of(proc)));
    assertEquals(List.of(), Holders.of(new FileSystem(proc.device(), "zfs pool/gone")));
  }

  private static FileSystem mountedAbove(Path folder) throws IOException {
    Optional<FileSystem> found = FileSystem.find(folder);
    return found.isPresent() ? found.get() : mountedAbove(requireNonNull(folder.getParent()));
  }

  private static boolean isMountFound(List<Holder> holders) {
    return holders.stream()
        .anyMatch(holder ->
            holder.how().equals("mountinfo /proc")
                && holder.pid() == ProcessHandle.current().pid());
  }

  @Test
  void tellsTheSameDeviceAsTheJdk(@TempDir Path folder) throws Exception {
    assertEquals(Files.getAttribute(folder, "unix:dev"), FileStatus.device(folder.toString()));
  }
}
