package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.process.Output;
import io.flocker.core.storage.Holds;
import io.flocker.zfs.command.ZfsTool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Lists the holds on a dataset's snapshots. Any thread may call; use a virtual one. */
public final class HoldReader {
  /**
   * So many characters of names in one command: far below what a program may be given, execve(2),
   * and few enough for its answer to be kept as a text.
   */
  private static final int MOST_CHARACTERS = 32 << 10;

  private final ZfsTool zfs;

  /** A reader that asks {@code zfs}. */
  public HoldReader(ZfsTool zfs) {
    this.zfs = zfs;
  }

  /** The holds on each snapshot that has any, by the part of its name after the {@code @}. */
  public Map<String, Holds> holds(String dataset) throws FailureException {
    Map<String, Integer> counts = counts(dataset);
    Map<String, Set<String>> tags = counts.isEmpty() ? Map.of() : tags(counts.keySet());
    Map<String, Holds> holds = new LinkedHashMap<>();
    counts.forEach((name, count) ->
        holds.put(
            name.substring(dataset.length() + 1),
            new Holds(count, tags.getOrDefault(name, Set.of()))));
    return holds;
  }

  private Map<String, Integer> counts(String dataset) throws FailureException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    zfs.read(
        line -> {
          String[] fields = line.split("\t", -1);
          boolean isOfSnapshot = fields.length == 2 && fields[0].startsWith(dataset + "@");
          if (isOfSnapshot && !fields[1].equals("0") && !fields[1].equals("-")) {
            counts.put(fields[0], number(line, fields[1]));
          }
        },
        List.of("get", "-Hp", "-d", "1", "-o", "name,value", "userrefs", dataset));
    return counts;
  }

  /** None from where a command fails: that of zfs-fuse needs a script which is missing there. */
  private Map<String, Set<String>> tags(Set<String> names) throws FailureException {
    Map<String, Set<String>> tags = new HashMap<>();
    for (List<String> some : inTurn(names)) {
      List<String> argv = Stream.concat(Stream.of("holds", "-H"), some.stream()).toList();
      Output said = zfs.ask(argv.toArray(String[]::new));
      if (!said.isSuccess()) {
        return tags;
      }
      for (String line : said.stdout().lines().toList()) {
        String[] fields = line.split("\t", -1);
        if (fields.length > 2) {
          tags.computeIfAbsent(fields[0], _ -> new TreeSet<>()).add(fields[1]);
        }
      }
    }
    return tags;
  }

  private static List<List<String>> inTurn(Set<String> names) {
    List<List<String>> all = new ArrayList<>();
    List<String> some = new ArrayList<>();
    int characters = 0;
    for (String name : names) {
      if (characters + name.length() > MOST_CHARACTERS && !some.isEmpty()) {
        all.add(some);
        some = new ArrayList<>();
        characters = 0;
      }
      some.add(name);
      characters += name.length();
    }
    all.add(some);
    return all;
  }

  private static int number(String line, String value) throws FailureException {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw StorageFailure.ZFS_OUTPUT_UNREADABLE.because(
          "ZFS said that the number of holds is: " + line);
    }
  }
}
