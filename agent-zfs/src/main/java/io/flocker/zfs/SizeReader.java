package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.storage.ChangeMark;
import io.flocker.zfs.command.ZfsTool;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads how much is in datasets, how much was written to them, and how long a send would be. Any
 * thread may call; use a virtual one.
 */
final class SizeReader {
  private static final Pattern ESTIMATE = Pattern.compile("(?m)^size\\s+([0-9]+)$");

  private final ZfsTool zfs;
  private final Duration deadline;
  private final Duration longDeadline;

  /**
   * Asks {@code zfs}.
   *
   * @param deadline for a question about one dataset
   * @param longDeadline for one about all of them
   */
  SizeReader(ZfsTool zfs, Duration deadline, Duration longDeadline) {
    this.zfs = zfs;
    this.deadline = deadline;
    this.longDeadline = longDeadline;
  }

  /**
   * The mark of each dataset below the pool's root, by its full name.
   *
   * @param isCounted whether this ZFS has the property {@code written}; one that does not has no
   *     exact figures in a listing either
   */
  Map<String, ChangeMark> changeMarks(String pool, boolean isCounted) throws FailureException {
    List<String> arguments =
        isCounted
            ? List.of("list", "-Hp", "-d", "1", "-t", "filesystem", "-o", "name,referenced,written")
            : List.of("get", "-Hp", "-d", "1", "-o", "name,value", "referenced");
    Map<String, ChangeMark> marks = new HashMap<>();
    for (String line :
        zfs.run(longDeadline, Stream.concat(arguments.stream(), Stream.of(pool)).toList())
            .lines()
            .toList()) {
      String[] columns = line.split("\t", -1);
      boolean isDataset = columns.length > 1 && !columns[0].contains("@");
      if (isDataset) {
        marks.put(columns[0], mark(columns));
      }
    }
    return marks;
  }

  private static ChangeMark mark(String[] columns) throws FailureException {
    try {
      return new ChangeMark(
          Long.parseLong(columns[1]),
          columns.length > 2 ? OptionalLong.of(Long.parseLong(columns[2])) : OptionalLong.empty());
    } catch (NumberFormatException e) {
      throw StorageFailure.ZFS_FAILED
          .because("zfs says of " + columns[0] + " what is no number: " + e.getMessage())
          .causedBy(e);
    }
  }

  /**
   * Bytes that were written to a dataset since one of its points; empty where ZFS tells no number.
   *
   * @param base the point's name with its sign
   */
  OptionalLong written(String dataset, String base) throws FailureException {
    String property = "written" + base; // zfsprops(7): written@snapshot, written#bookmark
    String value = zfs.run("get", "-Hp", "-o", "value", property, dataset).strip();
    return value.chars().allMatch(Character::isDigit) && !value.isEmpty()
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }

  /** Runs a {@code zfs send -nvP}, and says how long the stream would be; empty where unknown. */
  OptionalLong estimate(List<String> dryRun) throws FailureException {
    return estimate(zfs.run(deadline, dryRun));
  }

  /** The size that {@code zfs send -nvP} printed; empty for 0 and for what exceeds 63 bits. */
  static OptionalLong estimate(String stdout) {
    Matcher size = ESTIMATE.matcher(stdout);
    if (!size.find()) {
      return OptionalLong.empty();
    }
    BigInteger bytes = new BigInteger(size.group(1));
    boolean isSane = bytes.signum() > 0 && bytes.bitLength() < Long.SIZE;
    return isSane ? OptionalLong.of(bytes.longValueExact()) : OptionalLong.empty();
  }
}
