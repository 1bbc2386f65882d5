package io.flocker.cli.doctor;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.Output;
import io.flocker.core.volume.Hold;
import io.flocker.zfs.command.ZfsTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Snapshots of tools that snapshot and prune beside flockerd, and holds of others: two commands.
 */
record SnapshotExamination(ZfsTool zfs, String pool) implements Examination {
  private static final String CHECK = "snapshots";

  /** How the snapshots of these tools begin, as each of them names them unless told otherwise. */
  private static final Map<String, String> TOOLS =
      Map.of(
          "autosnap_", "sanoid",
          "syncoid_", "syncoid",
          "zfs-auto-snap_", "zfs-auto-snapshot",
          "zrepl_", "zrepl",
          "pyznap_", "pyznap",
          "zfs_autobackup", "zfs-autobackup");

  /** Holds are asked of this many snapshots, which one command line can name. */
  private static final int MOST_ASKED = 100;

  private static final int FIELDS_OF_HOLD = 2;

  @Override
  public List<Finding> findings() {
    Map<String, Integer> byTool = new TreeMap<>();
    List<String> held = new ArrayList<>();
    try {
      zfs.read(
          line -> look(line, byTool, held),
          List.of("list", "-H", "-t", "snapshot", "-o", "name,userrefs", "-r", pool));
      List<Finding> findings = new ArrayList<>();
      byTool.forEach((tool, count) -> findings.add(foreign(tool, count)));
      findings.addAll(holds(held));
      return findings.isEmpty()
          ? List.of(new Finding(CHECK, Verdict.OK, "No other tool's snapshots or holds."))
          : findings;
    } catch (FailureException e) {
      return List.of(Finding.of(CHECK, Verdict.FAILURE, e));
    }
  }

  private static void look(String line, Map<String, Integer> byTool, List<String> held) {
    String[] fields = line.split("\t", -1);
    String name = fields[0].substring(fields[0].indexOf('@') + 1);
    TOOLS.forEach((prefix, tool) -> {
      if (name.startsWith(prefix)) {
        byTool.merge(tool, 1, Integer::sum);
      }
    });
    boolean isHeld = fields.length == 2 && !fields[1].equals("0") && !fields[1].equals("-");
    if (isHeld && held.size() < MOST_ASKED) {
      held.add(fields[0]);
    }
  }

  private static Finding foreign(String tool, int count) {
    return new Finding(
        CHECK,
        Verdict.WARNING,
        """
        %s of %s. What it takes travels with the volumes and counts as a user's; what else it \
        sends or prunes here, let it leave the volumes of flockerd alone.\
        """
            .formatted(counted(count), tool));
  }

  private static String counted(int snapshots) {
    return snapshots == 1 ? "1 snapshot is" : snapshots + " snapshots are";
  }

  /** The zfs command of zfs-fuse has lost the script that would tell the tags. */
  private List<Finding> holds(List<String> held) throws FailureException {
    if (held.isEmpty()) {
      return List.of();
    }
    String[] argv = Stream.concat(Stream.of("holds", "-H"), held.stream()).toArray(String[]::new);
    Output said = zfs.ask(argv);
    if (!said.isSuccess()) {
      return List.of(
          new Finding(
              CHECK, Verdict.OK, counted(held.size()) + " held; this ZFS does not say by whom."));
    }
    return said.stdout()
        .lines()
        .map(line -> line.split("\t", -1))
        .filter(fields -> fields.length >= FIELDS_OF_HOLD && Hold.parse(fields[1]).isEmpty())
        .map(fields -> foreignHold(fields[0], fields[1]))
        .toList();
  }

  private static Finding foreignHold(String snapshot, String tag) {
    return new Finding(
        CHECK,
        Verdict.WARNING,
        "%1$s is held by others as %2$s: it and its volume cannot be destroyed. 'zfs release %2$s %1$s' ends that."
            .formatted(snapshot, tag));
  }
}
