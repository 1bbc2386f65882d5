package io.flocker.cli.command;

import io.flocker.cli.join.CaProgram;
import io.flocker.cli.join.FirstNode;
import io.flocker.cli.join.JoinException;
import io.flocker.cli.join.NodeFiles;
import io.flocker.cli.join.NodeService;
import io.flocker.cli.join.OwnHosts;
import io.flocker.cli.join.Pools;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
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
          + " changed."
    })
final class InitCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description = "The ZFS pool for volumes; the only one that there is unless given")
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
    NodeConfiguration settings = NodeConfiguration.read(folder.resolve("flockerd.yml"));
    authority = authority.toAbsolutePath();
    FirstNode first = new FirstNode(program, authority, folder);
    List<Path> present = first.present();
    if (!present.isEmpty()) {
      return tellOf(present, folder, settings.pool());
    }
    String chosen = new Pools(settings.zfs().zpool(), lsblk).choose(pool);
    List<String> all = hosts == null ? OwnHosts.all() : hosts;
    if (all.isEmpty()) {
      throw new JoinException("this machine has no name and no address: say one by --address");
    }
    Optional<String> other = Optional.of(chosen).filter(usual -> !usual.equals(settings.pool()));
    first.make(name, all, other);
    Optional<NodeDocument> started = NodeStart.start(session, service);
    NodeId node = NodeIdentity.existing(folder.resolve("volume.json")).node();
    session.print(
        new Begun(node, authority.toString(), chosen, true, started.isPresent()),
        () -> lines(node, chosen, started));
    return ExitCode.DONE;
  }

  private List<String> lines(NodeId node, String chosen, Optional<NodeDocument> started) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "node %s of the new cluster %s, volumes in the pool %s".formatted(node, name, chosen));
    lines.add(
        started
            .map(document -> "flockerd answers at " + document.url())
            .orElse("no systemd is here: start flockerd, and have it started at each boot"));
    lines.add(
        "%s is the cluster: keep a copy elsewhere. In it is a user of the API, too: admin"
            .formatted(authority));
    lines.add("next: flocker node invite NAME | ssh NAME flocker node join -");
    return lines;
  }

  /** It was done before; by halves it never is, but somebody may have taken a part away. */
  private int tellOf(List<Path> present, Path folder, String usual) throws Exception {
    String all = present.stream().map(Path::toString).collect(Collectors.joining(", "));
    boolean isWhole =
        Files.exists(authority.resolve("cluster.key"))
            && Files.exists(folder.resolve("node.key"))
            && NodeFiles.present(folder).contains(folder.resolve("volume.json"));
    if (!isWhole) {
      throw new JoinException(
          "there is %s already: this machine is a node, or the cluster was made; nothing was changed"
              .formatted(all));
    }
    NodeId node = NodeIdentity.existing(folder.resolve("volume.json")).node();
    session.print(
        new Begun(node, authority.toString(), usual, false, false),
        () ->
            List.of(
                "this is node %s already, and the authority is in %s: nothing was changed"
                    .formatted(node, authority)));
    return ExitCode.DONE;
  }
}
