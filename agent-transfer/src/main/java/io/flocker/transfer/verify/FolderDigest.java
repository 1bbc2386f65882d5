package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.ActionType;
import io.flocker.core.process.Asked;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Output;
import io.flocker.core.process.StuckChildren;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums up all that a folder contains: names, modes, owners, times of change, links, extended
 * attributes and bytes. Two folders with the same digest are the same to whoever reads them; where
 * holes are is not compared. GNU tar reads it, at the lowest priority, and no faster than it may.
 * Any thread may call.
 */
final class FolderDigest {
  private static final Asked TAR =
      new Asked(
          "tar",
          ActionType.CONTENT_DIGEST,
          TransferFailure.UNREADABLE_CONTENT,
          TransferFailure.UNREADABLE_CONTENT,
          TransferFailure.UNREADABLE_CONTENT);

  /**
   * One way to write the same files, tar(1): in the order of their names, with times to the
   * nanosecond, and without what reading changes. What is summed up are its bytes, in blocks of the
   * usual size: every version of flockerd has the same sum.
   */
  private static final List<String> COMMAND =
      List.of(
          "nice",
          "--adjustment=19",
          "ionice",
          "--class=idle",
          "tar",
          "--create",
          "--file=-",
          "--format=pax",
          "--sort=name",
          "--numeric-owner",
          "--xattrs",
          "--xattrs-include=*",
          "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime");

  /** One for this node itself, one for its peers: see {@link ReadingTurns}. */
  private static final int AT_ONCE = 2;

  /** Terabytes take as long as the disks need. */
  static final Duration DEADLINE = Duration.ofDays(2);

  private final Commands commands;
  private final long bytesPerSecond;

  /**
   * Reads folders.
   *
   * @param pool whose mounts they are
   * @param bytesPerSecond how fast each is read at most, above 0: tar waits in its pipe, and no
   *     priority of the disk's keeps it from being in the way, for ZFS queues by itself
   */
  FolderDigest(String pool, long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.commands =
        new Commands(
            new Launch(TAR, "tar of " + pool), AT_ONCE, new StuckChildren(), CommandObserver.NONE);
  }

  /**
   * The digest, in hexadecimal.
   *
   * @throws FailureException {@code UNREADABLE_CONTENT} naming what cannot be read
   */
  String of(Path folder) throws FailureException {
    List<String> argv = new ArrayList<>(COMMAND);
    argv.addAll(List.of("--directory=" + folder, "."));
    PacedSum sum = new PacedSum(bytesPerSecond);
    Output output = commands.run(argv, DEADLINE, sum::take);
    if (output.exit() != 0) {
      throw TransferFailure.UNREADABLE_CONTENT
          .because(
              "tar ended with exit status %d: %s".formatted(output.exit(), output.stderr().strip()))
          .with("stderr", output.stderr());
    }
    return sum.hexadecimal();
  }
}
