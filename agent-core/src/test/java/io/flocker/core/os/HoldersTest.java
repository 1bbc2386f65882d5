package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
          Holders.of(FileStatus.device(folder.toString())).stream()
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
  void namesTheMountAndCanBeToldToIgnoreOurOwn() throws Exception {
    Path proc = Path.of("/proc");
    long device = FileStatus.device("/proc");

    assertTrue(
        Holders.of(device).stream().anyMatch(holder -> holder.how().equals("mountinfo /proc")));
    assertFalse(
        Holders.of(device, proc).stream()
            .anyMatch(holder ->
                holder.how().equals("mountinfo /proc")
                    && holder.pid() == ProcessHandle.current().pid()));
  }

  @Test
  void tellsTheSameDeviceAsTheJdk(@TempDir Path folder) throws Exception {
    assertEquals(Files.getAttribute(folder, "unix:dev"), FileStatus.device(folder.toString()));
  }
}
