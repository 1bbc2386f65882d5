package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.IdsInText;
import io.flocker.cli.join.JoinToken;
import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.NodeService;
import io.flocker.core.id.Address;
import io.flocker.core.peer.PeerName;
import io.flocker.core.storage.Capabilities;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker node}. */
@Command(
    name = "node",
    description = {
      "Shows the node: its pool, its ZFS, what is stuck.",
      "Its commands add a node to the cluster."
    })
final class NodeCommand implements Callable<Integer> {
  private static final Duration SHORTEST_INVITATION = Duration.ofSeconds(1);
  private static final Duration LONGEST_INVITATION = Duration.ofDays(1);

  private final Session session;

  @Spec private CommandSpec command = CommandSpec.create();

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

  @Command(
      description = {
        "Lets one machine become a node of this one's cluster, by 'flocker node join'.",
        "Prints one line for it, waits until it has joined, and tells this node and its peers of"
            + " it. Run by root where the authority is, as on the node of 'flocker init'."
      })
  int invite(
      @Parameters(paramLabel = "NAME", description = "What to call the node, such as node-2")
          String name,
      @Option(
              names = "--address",
              paramLabel = "HOST",
              description =
                  "A DNS name or IP address at which others reach it, the usual one first; NAME"
                      + " unless given. Give one --address for each")
          @Nullable List<String> hosts,
      @Option(
              names = "--for",
              defaultValue = "10m",
              paramLabel = "TIME",
              description = "How long the invitation holds; 10m unless given, a day at most")
          Duration time,
      @Option(
              names = "--listen",
              defaultValue = "0.0.0.0:4524",
              paramLabel = "ADDRESS:PORT",
              description =
                  "Where the machine has to come to meanwhile; 0.0.0.0:4524 unless given. With"
                      + " --url of a node elsewhere ADDRESS is where this machine is reached")
          String listen,
      @Option(
              names = "--authority",
              paramLabel = "FOLDER",
              description = "Where cluster.crt and cluster.key are; /etc/flocker-ca unless given")
          @Nullable Path authority)
      throws Exception {
    if (time.compareTo(SHORTEST_INVITATION) < 0 || time.compareTo(LONGEST_INVITATION) > 0) {
      throw wrong("invite", "an invitation holds for a second at least, and for a day at most");
    }
    NodeInvite.Order order;
    try {
      order =
          new NodeInvite.Order(
              PeerName.parse(name),
              hosts == null ? List.of(name) : hosts,
              time,
              Address.parseListener(listen),
              authority == null ? CaProgram.AUTHORITY : authority);
    } catch (IllegalArgumentException e) {
      throw wrong("invite", String.valueOf(e.getMessage()));
    }
    return new NodeInvite(session, CaProgram.beside()).invite(order);
  }

  @Command(
      description = {
        "Makes this machine a node of the cluster that has invited it.",
        "Makes its keys, has them certified, and starts flockerd. Run by root, where there is a"
            + " pool for volumes. Refused where there are certificates of a node."
      })
  int join(
      @Parameters(
              paramLabel = "TOKEN",
              description =
                  "The line that 'flocker node invite' has printed; or -, for the first line of the"
                      + " input, which no list of processes shows")
          String token)
      throws Exception {
    JoinToken invitation;
    try {
      invitation = JoinToken.parse((token.equals("-") ? firstLine() : token).strip());
    } catch (IllegalArgumentException e) {
      throw wrong("join", String.valueOf(e.getMessage()));
    }
    return new NodeJoin(session, NodeService.ofMachine()).join(invitation);
  }

  private static String firstLine() throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    return Objects.requireNonNullElse(in.readLine(), "");
  }

  private ParameterException wrong(String subcommand, String why) {
    return new ParameterException(command.commandLine().getSubcommands().get(subcommand), why);
  }

  private List<String> lines(NodeDocument report) {
    List<String> lines = new ArrayList<>();
    lines.add("node          " + report.node());
    lines.add("url           " + report.url());
    lines.add("boot id       " + report.bootId());
    lines.add("pool          " + pool(report.pool()));
    report.zfs().ifPresent(zfs -> lines.addAll(lines(zfs)));
    report.stuck().forEach(stuck -> lines.add("stuck         " + stuck));
    List<NodeDocument.Warning> warnings = report.warnings();
    KnownNames names =
        warnings.stream().map(NodeDocument.Warning::detail).anyMatch(IdsInText::isIn)
            ? session.knownNames()
            : KnownNames.NONE;
    warnings.forEach(warning ->
        lines.add("warning       " + warning.title() + ": " + names.in(warning.detail())));
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
