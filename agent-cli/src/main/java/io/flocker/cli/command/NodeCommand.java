package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.storage.Capabilities;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code flocker node}. */
@Command(name = "node", description = "Shows the node: its pool, its ZFS, what is stuck.")
final class NodeCommand implements Callable<Integer> {
  private final Session session;

  NodeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    try (FlockerClient node = session.connect()) {
      NodeDocument report = node.node();
      session.print(report, () -> lines(report));
      return ExitCode.DONE;
    }
  }

  private static List<String> lines(NodeDocument report) {
    Capabilities zfs = report.zfs();
    List<String> lines = new ArrayList<>();
    lines.add("node          " + report.node());
    lines.add("url           " + report.url());
    lines.add("boot id       " + report.bootId());
    lines.add(
        "pool          %s, %s, %s free of %s"
            .formatted(
                report.pool().name(),
                report.pool().health(),
                Amounts.bytes(report.pool().freeBytes()),
                Amounts.bytes(report.pool().sizeBytes())));
    lines.add("zfs           " + zfs.version());
    lines.add("send flags    " + sorted(zfs.sendFlags()));
    lines.add("receive flags " + sorted(zfs.receiveFlags()));
    lines.add("pool features " + sorted(zfs.poolFeatures()));
    lines.add("can resume    " + yesNo(zfs.canResume()));
    lines.add("can bookmark  " + yesNo(zfs.canBookmark()));
    lines.add("can estimate  " + yesNo(zfs.canEstimate()));
    report.stuck().forEach(stuck -> lines.add("stuck         " + stuck));
    report
        .warnings()
        .forEach(
            warning -> lines.add("warning       " + warning.title() + ": " + warning.detail()));
    return lines;
  }

  private static String sorted(Collection<String> words) {
    return words.isEmpty() ? "none" : String.join(" ", words.stream().sorted().toList());
  }

  private static String yesNo(boolean can) {
    return can ? "yes" : "no";
  }
}
