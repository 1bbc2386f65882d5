package io.flocker.cli.command;

import io.flocker.cli.doctor.LocalZfs;
import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.FirstNode;
import io.flocker.cli.setup.NodeService;
import io.flocker.cli.setup.OwnHosts;
import io.flocker.cli.setup.Pools;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.Setting;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.http.api.NodeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flocker init}. */
@Command(
    name = "init",
    description = {
      "Makes this machine the first node of a new cluster.",
      "Makes the cluster's authority and this node's certificates, and starts flockerd. Run by"
          + " root, where there is a pool for volumes. Where that was done already nothing is"
          + " made anew, and flockerd started if it does not run."
    })
final class InitCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description =
          "The ZFS pool for volumes; else the one that the settings name, else the only one that"
              + " there is")
  private @Nullable String pool;

  @Option(
      names = "--address",
      paramLabel = "HOST",
      description =
          "A DNS name or IP address at which others reach this node, the usual one first; this"
              + " machine's name and addresses unless given. Give one --address for each")
  private @Nullable List<String> hosts;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call the cluster; flocker unless given")
  private String name = "flocker";

  @Option(
      names = "--authority",
      paramLabel = "FOLDER",
      description = "Where cluster.crt and cluster.key are made; /etc/flocker-ca unless given")
  private Path authority = CaProgram.AUTHORITY;

  InitCommand(Session session) {
    this.session = session;
  }

  /** The document that {@code --json} prints. */
  private record Begun(NodeId node, String authority, String pool, boolean made, boolean started) {}

  @Override
  public Integer call() throws Exception {
    return run(CaProgram.beside(), NodeService.ofMachine(), "lsblk");
  }

  /** The same with the programs of a test. */
  int run(CaProgram program, NodeService service, String lsblk) throws Exception {
    Path folder = session.environment().folder();
    NodeConfiguration.Explained read = NodeConfiguration.explain(folder.resolve("flockerd.yml"));
    NodeConfiguration settings = read.configuration();
    authority = authority.toAbsolutePath();
    FirstNode first = new FirstNode(program, authority, folder);
    if (!first.present().isEmpty()) {
      return goOn(first, settings.pool(), service);
    }
    Setting wanted =
        pool == null ? read.said("pool").orElse(null) : new Setting("pool", pool, "--pool");
    String chosen = new Pools(LocalZfs.of(settings), lsblk).choose(wanted);
    List<String> all = hosts(settings.advertise());
    Optional<String> other = Optional.of(chosen).filter(usual -> !usual.equals(settings.pool()));
    first.make(name, all, other, session::tellStep);
    Optional<NodeDocument> started = NodeStart.start(session, service);
    NodeId node = first.node();
    session.print(
        new Begun(node, authority.toString(), chosen, true, started.isPresent()),
        () -> lines(node, chosen, started));
    return ExitCode.DONE;
  }

  /** The address that the settings advertise comes first: by that others ask this node. */
  private List<String> hosts(Address advertised) throws SetupException {
    List<String> all = new ArrayList<>(hosts == null ? OwnHosts.all() : hosts);
    if (!advertised.isWildcard()) {
      boolean _ = all.remove(advertised.host());
      all.addFirst(advertised.host());
    }
    if (all.isEmpty()) {
      throw new SetupException("this machine has no name and no address: say one by --address");
    }
    return all;
  }

  private List<String> lines(NodeId node, String chosen, Optional<NodeDocument> started) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "node %s of the new cluster %s, volumes in the pool %s".formatted(node, name, chosen));
    lines.add(answer(started));
    lines.add(
        "%s is the cluster, with a user of the API, admin; without it nobody is let in, and none signs that another node goes on"
            .formatted(authority));
    lines.add(
        "keep a copy elsewhere: tar -cC %s . | ssh HOST 'umask 077; cat > authority.tar'"
            .formatted(authority));
    lines.add("next: flocker node invite NAME | ssh NAME flocker node join -");
    return lines;
  }

  private static String answer(Optional<NodeDocument> started) {
    return started
        .map(document -> "flockerd answers at " + document.url())
        .orElse("no systemd is here: start flockerd, and have it started at each boot");
  }

  /** Goes on with what an earlier one has made: if all is there, only the start may be missing. */
  private int goOn(FirstNode first, String usual, NodeService service) throws Exception {
    if (!first.isWhole()) {
      throw new SetupException(
          "there is %s already, which is not all of a first node; nothing was changed. %s"
              .formatted(
                  first.present().stream().map(Path::toString).collect(Collectors.joining(", ")),
                  remedy()));
    }
    NodeId node = first.node();
    Optional<NodeDocument> started = NodeStart.start(session, service);
    session.print(
        new Begun(node, authority.toString(), usual, false, started.isPresent()),
        () ->
            List.of(
                "this is node %s already, and the authority is in %s: nothing was made anew"
                    .formatted(node, authority),
                answer(started)));
    return ExitCode.DONE;
  }

  private String remedy() {
    return Files.exists(authority.resolve("cluster.key"))
        ? "The authority is there: 'flocker-ca bundle --inputpath %s HOST' makes what a node needs, with --uuid where its pool has a flocker:node (OPERATIONS.md). If nothing is of that cluster yet, move all of it away and begin again"
            .formatted(authority)
        : "This machine is a node, or was one; a volume.json alone may be of a flockerd that was"
            + " started without certificates. Move all of it away if it is to be the first of a"
            + " new cluster";
  }
}
