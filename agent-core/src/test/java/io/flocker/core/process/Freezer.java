package io.flocker.core.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A frozen control group, whose processes not even KILL ends before it thaws (cgroup version 1,
 * freezer-subsystem.rst; version 2 kills what it has frozen). Needs root.
 */
final class Freezer implements AutoCloseable {
  private final Path mount;
  private final Path group;

  /** Mounts a hierarchy of its own on an empty folder. */
  Freezer(Path mount) throws IOException {
    this.mount = mount;
    run("mount", "-t", "cgroup", "-o", "freezer", "none", mount.toString());
    this.group =
        Files.createDirectory(mount.resolve("flocker-test-" + ProcessHandle.current().pid()));
  }

  /** Freezes a process, and all that it starts. */
  void freeze(Process process) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    state("FROZEN");
    while (!Files.readString(group.resolve("freezer.state")).strip().equals("FROZEN")) {
      Thread.onSpinWait();
    }
  }

  void thaw() throws IOException {
    state("THAWED");
  }

  /** Every process of the group has ended before. */
  @Override
  public void close() throws IOException {
    Files.delete(group);
    run("umount", mount.toString());
  }

  private void state(String wanted) throws IOException {
    Files.writeString(group.resolve("freezer.state"), wanted);
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.onExit().join().exitValue(), String.join(" ", command));
  }
}
