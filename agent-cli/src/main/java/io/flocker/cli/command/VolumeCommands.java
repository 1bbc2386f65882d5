package io.flocker.cli.command;

import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeReference;
import io.flocker.http.api.NamespaceReplicationDocument;
import io.flocker.http.api.NewClone;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.ReplicationDocument;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.PushPlan;
import io.flocker.http.client.VolumePatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flocker volume}: the volumes on the node, and their moves. */
@Command(name = "volume", description = "Creates, shows, moves and destroys volumes.")
final class VolumeCommands extends VolumeRisks {
  private static final String PEER =
      "The node that gets it, by its name or uuid; see 'flocker peer list'";

  private static final String HISTORY =
      "What a node without a copy is given: with all snapshots that users took (default), or the"
          + " latest state alone";

  private final Session session;

  @Spec private CommandSpec command = CommandSpec.create();

  VolumeCommands(Session session) {
    super(session);
    this.session = session;
  }

  @Command(description = "Creates a volume that the node owns.")
  int create(
      @Parameters(
              paramLabel = "NAME",
              description = "<namespace>.<name>, for example default.mongodb")
          VolumeName name,
      @Option(names = "--id", paramLabel = "UUID", description = "Its id; else the node chooses")
          @Nullable VolumeId id,
      @Option(
              names = "--quota",
              paramLabel = "SIZE",
              description = "Most that it may hold, such as 512M, 10G or 1.5GiB; else no limit")
          @Nullable Quota quota)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      Long quotaBytes = quota == null ? null : quota.bytes();
      VolumeDocument volume = node.createVolume(new NewVolume(name, id, quotaBytes));
      session.print(volume, () -> created(volume));
      return ExitCode.DONE;
    }
  }

  @Command(aliases = "ls", description = "Lists the volumes on the node.")
  int list(@Mixin Columns columns) throws Exception {
    try (FlockerClient node = session.connect()) {
      List<VolumeDocument> volumes = node.volumes();
      PeerNames names = session.names(node);
      session.print(Map.of("volumes", volumes), () -> columns.of(VolumeText.table(volumes, names)));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Shows a volume: its owner and how it came to it, its size.")
  int show(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      VolumeDocument report = node.volume(volume);
      Optional<GrantChain> grants =
          session.isDocument()
              ? Optional.empty()
              : node.grants(report.id()).map(GrantDocument::chain);
      Optional<ReplicationDocument> replication =
          session.isDocument() || report.role() != Role.OWNER
              ? Optional.empty()
              : node.replication(report.id());
      PeerNames names = session.names(node);
      session.print(
          report,
          () ->
              Stream.concat(
                      VolumeText.lines(report, grants, names).stream(),
                      replication.map(said -> ReplicationText.lines(said, names)).stream()
                          .flatMap(List::stream))
                  .toList());
      return ExitCode.DONE;
    }
  }

  @Command(description = "Changes what a volume may hold, or what is written about it.")
  int set(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Option(
              names = "--quota",
              paramLabel = "SIZE",
              description = "Most that it may hold, such as 10G or 1.5GiB; none for no limit")
          @Nullable Quota quota,
      @Option(
              names = "--metadata",
              paramLabel = "KEY=VALUE",
              description = "An entry to write; may be repeated")
          @Nullable Map<String, String> metadata,
      @Option(
              names = "--remove",
              paramLabel = "KEY",
              description = "An entry of the metadata to take away; may be repeated")
          @Nullable List<String> removed)
      throws Exception {
    if (quota == null && metadata == null && removed == null) {
      throw new ParameterException(
          command.commandLine().getSubcommands().get("set"), "nothing is to be changed");
    }
    Map<String, @Nullable String> entries = new TreeMap<>();
    if (metadata != null) {
      entries.putAll(metadata);
    }
    if (removed != null) {
      removed.forEach(key -> entries.put(key, null));
    }
    VolumePatch patch = new VolumePatch(quota == null ? null : quota.bytes(), entries);
    try (FlockerClient node = session.connect()) {
      VolumeDocument changed = node.changeVolume(node.volume(volume).id(), patch);
      session.print(changed, () -> VolumeText.done("changed", changed));
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "clone",
      description = {
        "Makes a volume of its own out of a snapshot of another one.",
        "The node that is asked owns and mounts it; the source may be a replica."
      })
  int cloneVolume(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference source,
      @Parameters(paramLabel = "NAME", description = "What the clone is called") VolumeName name,
      @Option(
              names = "--snapshot",
              paramLabel = "NAME",
              description = "What it is made of; else a fresh one, or the latest of a replica")
          @Nullable String snapshot,
      @Option(names = "--id", paramLabel = "UUID", description = "Its id; else the node chooses")
          @Nullable VolumeId id,
      @Option(
              names = "--quota",
              paramLabel = "SIZE",
              description = "Most that it may hold; else what its source may")
          @Nullable Quota quota)
      throws Exception {
    NewClone wanted = new NewClone(name, id, snapshot, quota == null ? null : quota.bytes());
    try (FlockerClient node = session.connect()) {
      VolumeDocument made = node.cloneVolume(node.volume(source).id(), wanted);
      session.print(made, () -> created(made));
      return ExitCode.DONE;
    }
  }

  @Command(
      description = {
        "Copies a volume to a peer: all of it, or what changed since the last time.",
        "The peer gets a read-only replica; this node remains the owner."
      })
  int push(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Parameters(paramLabel = "NODE", description = PEER) NodeReference peer,
      @Option(
              names = "--history",
              paramLabel = "all|latest",
              defaultValue = "all",
              description = HISTORY)
          InitialReplication history,
      @Option(names = "--dry-run", description = "Only say what would be sent") boolean dryRun,
      @Mixin FollowOptions following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      VolumeDocument report = node.volume(volume);
      NodeId taker = peer.on(node);
      if (dryRun) {
        PushPlan plan = node.planPush(report.id(), taker, history);
        session.print(plan, () -> VolumeText.lines(plan));
        return ExitCode.DONE;
      }
      OperationView started = node.push(report.id(), taker, history);
      return following.follow(started, node, session);
    }
  }

  @Command(
      description = {
        "Proves that a peer's copy contains what its owner has, or exits with 1.",
        "Both read all files of the newest snapshot in common; nothing waits for that."
      })
  int verify(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Parameters(
              paramLabel = "NODE",
              description = "The node that has the copy, by its name or uuid")
          NodeReference peer,
      @Mixin FollowOptions following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      OperationView started = node.verify(node.volume(volume).id(), peer.on(node));
      return following.follow(started, node, session);
    }
  }

  @Command(
      description = {
        "Says which peers hold a copy of a volume that follows its changes, or shows it.",
        "What is left out stays as it is. The policy travels with the volume to its next owner."
      })
  int replicate(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Mixin PolicyOptions options)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      VolumeDocument report = node.volume(volume);
      ReplicationDocument present =
          node.replication(report.id())
              .orElseThrow(
                  () -> RequestFailure.NOT_FOUND.because("the node's flockerd does not replicate"));
      if (!options.isEmpty()) {
        Policy policy =
            options.isOff()
                ? Policy.to(List.of()) // Not only its own taken away: its namespace may say more.
                : options.policy(present.policy(), node.peers());
        present = node.putReplication(report.id(), policy);
      }
      ReplicationDocument holds = present;
      PeerNames names = session.names(node);
      session.print(holds, () -> ReplicationText.lines(holds, names));
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "replicate-namespace",
      description = {
        "Says which peers hold copies of the volumes of a namespace, or shows it.",
        "It holds at the node that is asked, for volumes of which nothing is said by itself."
      })
  int replicateNamespace(
      @Parameters(paramLabel = "NAMESPACE", description = "What is before the period of names")
          String namespace,
      @Mixin PolicyOptions options)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      NamespaceReplicationDocument present = node.replication(namespace);
      if (options.isOff()) {
        node.deleteReplication(namespace);
        present = new NamespaceReplicationDocument(namespace, Optional.empty());
      } else if (!options.isEmpty()) {
        present = node.putReplication(namespace, options.policy(present.policy(), node.peers()));
      }
      NamespaceReplicationDocument holds = present;
      PeerNames names = session.names(node);
      session.print(holds, () -> ReplicationText.lines(holds.policy(), names));
      return ExitCode.DONE;
    }
  }

  @Command(
      aliases = "mv",
      description = {
        "Makes a peer the owner of a volume.",
        "What has not been pushed is sent, then the peer may write and this node no more."
      })
  int handoff(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Parameters(paramLabel = "NODE", description = PEER) NodeReference peer,
      @Option(
              names = "--history",
              paramLabel = "all|latest",
              defaultValue = "all",
              description = HISTORY)
          InitialReplication history,
      @Mixin FollowOptions following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      OperationView started = node.handoff(node.volume(volume).id(), peer.on(node), history);
      return following.follow(started, node, session);
    }
  }

  @Command(description = "Lists the snapshots of a volume, newest first.")
  int snapshots(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Mixin Columns columns)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      List<SnapshotDocument> snapshots = node.snapshots(node.volume(volume).id());
      session.print(
          Map.of("snapshots", snapshots), () -> columns.of(VolumeText.snapshotTable(snapshots)));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Takes a snapshot of a volume.")
  int snapshot(
      @Parameters(paramLabel = "VOLUME", description = VolumeReference.FORMS)
          VolumeReference volume,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "What it is called; else it tells the time, and may be pruned one day")
          @Nullable String name)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      SnapshotDocument snapshot =
          node.takeSnapshot(node.volume(volume).id(), Optional.ofNullable(name));
      session.print(snapshot, () -> List.of("took snapshot " + snapshot.name()));
      return ExitCode.DONE;
    }
  }

  private static List<String> created(VolumeDocument volume) {
    return List.of(
        "created " + volume.name() + " " + volume.id() + " at " + VolumeText.place(volume));
  }
}
