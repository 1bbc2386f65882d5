package io.flocker.cli.logs;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where logs are read from. Any thread; whoever opens one closes it. */
public final class LogFiles {
  /** As many as a daemon keeps beside the newest. */
  private static final int MOST_OLDER = 5;

  private LogFiles() {}

  /**
   * What logs are called: by their files' names without an ending, by their paths where two have
   * the same one.
   */
  public static Map<String, Path> named(List<Path> files) {
    Map<String, Path> named = new LinkedHashMap<>();
    for (Path file : files) {
      boolean isAlone = files.stream().filter(other -> stem(other).equals(stem(file))).count() == 1;
      named.put(isAlone ? stem(file) : file.toString(), file);
    }
    return named;
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int period = name.indexOf('.', 1);
    return period < 0 ? name : name.substring(0, period);
  }

  /** A log as it is now. */
  public static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file);
  }

  /**
   * A log from now on, as it grows.
   *
   * @param isWhole whether it begins with what is there
   */
  public static InputStream follow(Path file, boolean isWhole) throws IOException {
    return new FollowedFile(file, !isWhole);
  }

  /**
   * A daemon's log with those that were moved away since a time.
   *
   * @param isFollowing whether as it grows
   */
  public static InputStream openSince(Path file, Instant since, boolean isFollowing)
      throws IOException {
    List<InputStream> parts = new ArrayList<>();
    try {
      for (int number = MOST_OLDER; number > 0; number--) {
        Path older = file.resolveSibling(file.getFileName() + "." + number);
        if (Files.exists(older) && !Files.getLastModifiedTime(older).toInstant().isBefore(since)) {
          parts.add(open(older));
        }
      }
      parts.add(isFollowing ? follow(file, /* isWhole= */ true) : open(file));
    } catch (IOException e) {
      for (InputStream part : parts) {
        part.close();
      }
      throw e;
    }
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  /**
   * What the journal has of a unit.
   *
   * @param since whether only from then on, where it is not {@link Instant#MIN}
   */
  public static InputStream journal(String unit, boolean isFollowing, Instant since)
      throws IOException {
    return new JournalOutput(
        new ProcessBuilder(journalctl(unit, isFollowing, since))
            .redirectError(ProcessBuilder.Redirect.INHERIT) // It says what it may not read.
            .start());
  }

  static List<String> journalctl(String unit, boolean isFollowing, Instant since) {
    List<String> command =
        new ArrayList<>(List.of("journalctl", "--unit", unit, "--no-pager", "--output", "cat"));
    if (!since.equals(Instant.MIN)) {
      command.add("--since=@" + since.getEpochSecond());
    }
    if (isFollowing) {
      command.add("--follow");
      command.add(since.equals(Instant.MIN) ? "--lines=0" : "--no-tail");
    }
    return command;
  }
}
