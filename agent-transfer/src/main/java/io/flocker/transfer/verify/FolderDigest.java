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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sums up all that a folder contains: names, modes, owners, times of change, links, extended
 * attributes and bytes. Two folders with the same digest are the same to whoever reads them; where
 * holes are is not compared. GNU tar reads it, at the lowest priority. Any thread may call.
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
   * nanosecond, and without what reading changes. tar's {@code --use-compress-program} makes the
   * bytes go from child to child, and never through this process.
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
          "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
          "--use-compress-program=sha256sum");

  /** How sha256sum(1) writes the sum of what it reads from its stdin. */
  private static final Pattern SUM = Pattern.compile("([0-9a-f]{64}) [ *]-\n");

  /** Terabytes take as long as the disks need. */
  private static final Duration DEADLINE = Duration.ofDays(2);

  private final Commands commands;

  /**
   * Reads folders.
   *
   * @param pool whose mounts they are
   * @param limit how many at once; others wait
   */
  FolderDigest(String pool, int limit) {
    this.commands =
        new Commands(
            new Launch(TAR, "tar of " + pool), limit, new StuckChildren(), CommandObserver.NONE);
  }

  /**
   * The digest, in hexadecimal.
   *
   * @throws FailureException {@code UNREADABLE_CONTENT} naming what cannot be read
   */
  String of(Path folder) throws FailureException {
    List<String> argv = new ArrayList<>(COMMAND);
    argv.addAll(List.of("--directory=" + folder, "."));
    Output output = commands.run(argv, DEADLINE);
    Matcher sum = SUM.matcher(output.stdout());
    if (output.exit() != 0 || !sum.matches()) {
      throw TransferFailure.UNREADABLE_CONTENT
          .because(
              "tar ended with exit status %d: %s".formatted(output.exit(), output.stderr().strip()))
          .with("stderr", output.stderr());
    }
    return sum.group(1);
  }
}
