package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.NewVolume;
import io.flocker.http.client.PushPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flocker volume}: the volumes on the node, and their moves. */
@Command(name = "volume", description = "Creates, shows, moves and destroys volumes.")
final class VolumeCommands {
  private static final String VOLUME = "Its id, or its name <namespace>.<name>";
  private static final String PEER = "Uuid of the node to move it to; see 'flocker peer list'";

  private final Session session;

  VolumeCommands(Session session) {
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
              description = "Most that it may hold, such as 512MiB or 10GiB; else no limit")
          @Nullable Quota quota)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      Long quotaBytes = quota == null ? null : quota.bytes();
      VolumeDocument volume = node.createVolume(new NewVolume(name, id, quotaBytes));
      session.print(
          volume,
          () -> List.of("created " + volume.name() + " " + volume.id() + " at " + place(volume)));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Lists the volumes on the node.")
  int list() throws Exception {
    try (FlockerClient node = session.connect()) {
      List<VolumeDocument> volumes = node.volumes();
      session.print(Map.of("volumes", volumes), () -> table(volumes));
      return ExitCode.DONE;
    }
  }

  @Command(
      description = {
        "Copies a volume to a peer: all of it, or what changed since the last time.",
        "The peer gets a read-only replica; this node remains the owner."
      })
  int push(
      @Parameters(paramLabel = "VOLUME", description = VOLUME) VolumeReference volume,
      @Parameters(paramLabel = "NODE", description = PEER) NodeId peer,
      @Option(names = "--dry-run", description = "Only say what would be sent") boolean dryRun,
      @Mixin Following following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      VolumeDocument report = volume.on(node);
      if (dryRun) {
        PushPlan plan = node.planPush(report.id(), peer);
        session.print(plan, () -> lines(plan));
        return ExitCode.DONE;
      }
      OperationView started = node.push(report.id(), peer);
      return following.follow(started, node, session);
    }
  }

  @Command(
      description = {
        "Makes a peer the owner of a volume.",
        "What has not been pushed is sent, then the peer may write and this node no more."
      })
  int handoff(
      @Parameters(paramLabel = "VOLUME", description = VOLUME) VolumeReference volume,
      @Parameters(paramLabel = "NODE", description = PEER) NodeId peer,
      @Mixin Following following)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      OperationView started = node.handoff(volume.on(node).id(), peer);
      return following.follow(started, node, session);
    }
  }

  @Command(description = "Lists the snapshots of a volume, newest first.")
  int snapshots(@Parameters(paramLabel = "VOLUME", description = VOLUME) VolumeReference volume)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      List<SnapshotDocument> snapshots = node.snapshots(volume.on(node).id());
      session.print(Map.of("snapshots", snapshots), () -> snapshotTable(snapshots));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Takes a snapshot of a volume.")
  int snapshot(@Parameters(paramLabel = "VOLUME", description = VOLUME) VolumeReference volume)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      SnapshotDocument snapshot = node.takeSnapshot(volume.on(node).id());
      session.print(snapshot, () -> List.of("took snapshot " + snapshot.name()));
      return ExitCode.DONE;
    }
  }

  @Command(description = "Destroys a volume with all its snapshots on this node.")
  int destroy(@Parameters(paramLabel = "VOLUME", description = VOLUME) VolumeReference volume)
      throws Exception {
    try (FlockerClient node = session.connect()) {
      VolumeDocument report = volume.on(node);
      node.destroyVolume(report.id());
      session.print(
          Map.of("destroyed", report.id()),
          () -> List.of("destroyed " + report.name() + " " + report.id()));
      return ExitCode.DONE;
    }
  }

  private static String place(VolumeDocument volume) {
    return volume.mountpoint().filter(_ -> volume.mounted()).orElse("-");
  }

  private static List<String> table(List<VolumeDocument> volumes) {
    Table table = new Table("NAME", "ROLE", "USED", "SNAPSHOTS", "MOUNTED AT", "ID", "OWNER");
    for (VolumeDocument volume : volumes) {
      table.row(
          volume.name().toString(),
          volume.role().toString(),
          Amounts.bytes(volume.usedBytes()),
          Integer.toString(volume.snapshotCount()),
          place(volume),
          volume.id().toString(),
          volume.owner().toString());
    }
    return table.lines();
  }

  private static List<String> snapshotTable(List<SnapshotDocument> snapshots) {
    Table table = new Table("NAME", "GUID", "CREATED");
    for (SnapshotDocument snapshot : snapshots) {
      table.row(snapshot.name(), snapshot.guid().toString(), snapshot.created().toString());
    }
    return table.lines();
  }

  private static List<String> lines(PushPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.kind());
    for (PushPlan.Step step : plan.steps()) {
      String from = step.from() == null ? "" : " from " + step.from();
      String size =
          step.estimateBytes() == null ? "" : ", about " + Amounts.bytes(step.estimateBytes());
      lines.add("  " + step.kind() + from + " to " + step.to().name() + size);
    }
    return lines;
  }
}
