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
    List<String> lines = new ArrayList<>();
    lines.add("node          " + report.node());
    lines.add("url           " + report.url());
    lines.add("boot id       " + report.bootId());
    lines.add("pool          " + pool(report.pool()));
    report.zfs().ifPresent(zfs -> lines.addAll(lines(zfs)));
    report.stuck().forEach(stuck -> lines.add("stuck         " + stuck));
    report
        .warnings()
        .forEach(
            warning -> lines.add("warning       " + warning.title() + ": " + warning.detail()));
    return lines;
  }

  private static String pool(NodeDocument.PoolDocument pool) {
    String health = pool.name() + ", " + pool.health();
    return pool.freeBytes().isPresent() && pool.sizeBytes().isPresent()
        ? "%s, %s free of %s"
            .formatted(
                health,
                Amounts.bytes(pool.freeBytes().getAsLong()),
                Amounts.bytes(pool.sizeBytes().getAsLong()))
        : health;
  }

  private static List<String> lines(Capabilities zfs) {
    return List.of(
        "zfs           " + zfs.version(),
        "send flags    " + sorted(zfs.sendFlags()),
        "receive flags " + sorted(zfs.receiveFlags()),
        "pool features " + sorted(zfs.poolFeatures()),
        "can resume    " + yesNo(zfs.canResume()),
        "can bookmark  " + yesNo(zfs.canBookmark()),
        "can estimate  " + yesNo(zfs.canEstimate()));
  }

  private static String sorted(Collection<String> words) {
    return words.isEmpty() ? "none" : String.join(" ", words.stream().sorted().toList());
  }

  private static String yesNo(boolean can) {
    return can ? "yes" : "no";
  }
}
