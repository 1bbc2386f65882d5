package io.flocker.transfer.handoff;

import static io.flocker.transfer.handoff.VolumeUsers.OF_THIS_MACHINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.os.FileSystem;
import io.flocker.core.os.Holder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel that the tests run on. */
class VolumeUsersTest {
  private static final Path PROC = Path.of("/proc");

  @Test
  void tellsWhoUsesAFileSystemAndWhoWouldKeepIt() throws Exception {
    FileSystem proc = OF_THIS_MACHINE.mountedAt(PROC);

    assertEquals(FileSystem.at(PROC), proc);
    assertTrue(hasMount(OF_THIS_MACHINE.of(proc)), "the mount itself is one that uses it");
    assertFalse(hasMount(OF_THIS_MACHINE.beyond(PROC)), "which goes with what is unmounted");
  }

  private static boolean hasMount(List<Holder> holders) {
    return holders.stream()
        .anyMatch(holder ->
            holder.how().equals("mountinfo /proc")
                && holder.pid() == ProcessHandle.current().pid());
  }
}
