package io.flocker.zfs.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Holds;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.process.Zfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HoldReaderTest {
  private static final int MANY = 30_000;

  @TempDir Path folder;

  @Test
  @DisplayName(
      "P20 more held snapshots than one command's arguments can name are asked for in turn")
  void manyHeldSnapshotsAreAskedForInTurn() throws Exception {
    Map<String, Holds> holds =
        reader("for each; do echo \"$each\tkept\tnow\"; done").holds("tank/v");

    assertEquals(MANY, holds.size());
    assertEquals(Set.of(new Holds(1, Set.of("kept"))), Set.copyOf(holds.values()));
    int calls = calls();
    assertTrue(calls > 2, () -> calls + " commands");
  }

  @Test
  void whoCannotTellWhoHoldsThemIsNotAskedAgain() throws Exception {
    Map<String, Holds> holds = reader("exit 1").holds("tank/v");

    assertEquals(MANY, holds.size());
    assertEquals(Set.of(new Holds(1, Set.of())), Set.copyOf(holds.values()));
    assertEquals(2, calls());
  }

  private int calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls")).size();
  }

  /**
   * Reads from a program that has many held snapshots, and says by {@code script} who holds them.
   */
  private HoldReader reader(String script) throws Exception {
    Path program = folder.resolve("zfs");
    String snapshot = "tank/v@a-snapshot-that-has-a-rather-long-name-as-many-programs-have-it-";
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$1" >> '%s/calls'
        case "$1" in
          get) seq -f '%s%%.0f' %d | sed 's/$/\\t1/' ;;
          holds) shift 2; %s ;;
        esac
        """
            .formatted(folder, snapshot, MANY, script));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Commands commands =
        new Commands(new Launch(Zfs.ASKED, "tank"), 4, new StuckChildren(), CommandObserver.NONE);
    return new HoldReader(ZfsTool.zfs(program, commands, Duration.ofSeconds(60), "tank"));
  }
}
