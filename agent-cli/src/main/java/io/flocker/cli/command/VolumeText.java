package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.cli.console.Table;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.volume.Role;
import io.flocker.http.api.ConfirmationDocument;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.PushPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Volumes, and what belongs to them, as people read them. */
final class VolumeText {
  private VolumeText() {}

  /** Where a volume is mounted, or how it stands with that. */
  static String place(VolumeDocument volume) {
    return switch (volume.mountState()) {
      case MOUNTED -> volume.mountpoint().orElse("-");
      case MOUNTING, UNCONFIRMED, FAILED -> "(" + volume.mountState() + ")";
      case UNMOUNTED -> "-";
    };
  }

  /** A sentence about what became of a volume. */
  static List<String> done(String what, VolumeDocument volume) {
    return List.of(what + " " + volume.name() + " " + volume.id());
  }

  /**
   * One volume with all that is known of it.
   *
   * @param grants how it came to its owner; empty where the node cannot tell
   * @param names of the node's peers
   */
  static List<String> lines(VolumeDocument volume, Optional<GrantChain> grants, PeerNames names) {
    List<String> lines = new ArrayList<>();
    lines.add("name       " + volume.name());
    lines.add("id         " + volume.id());
    lines.add("role       " + volume.role());
    lines.add("owner      " + names.whole(volume.owner()));
    lines.add("epoch      " + volume.epoch());
    if (grants.isEmpty()) {
      lines.add(
          "           how it came to that its node does not tell, being of an older flockerd");
    }
    for (SignedGrant signed : grants.orElse(GrantChain.EMPTY).grants()) {
      Grant grant = signed.grant();
      lines.add(
          "           epoch %d: node %s, signed by %s at %s"
              .formatted(
                  grant.epoch(), names.whole(grant.to()), signed.signer().name(), grant.at()));
    }
    for (ConfirmationDocument one : volume.confirmed()) {
      one.at()
          .ifPresent(
              at -> lines.add("confirmed  by node " + names.whole(one.peer()) + " at " + at));
      one.since()
          .ifPresent(since ->
              lines.add(
                  "waits for  node %s since %s: %s"
                      .formatted(
                          names.whole(one.peer()),
                          since,
                          one.reason().orElse("it has not answered"))));
    }
    lines.add("dataset    " + volume.dataset());
    volume.origin().ifPresent(origin -> lines.add("clone of   " + origin));
    lines.add("mounted at " + place(volume));
    volume.mountReason().ifPresent(reason -> lines.add("           " + reason));
    lines.add("used       " + Amounts.bytes(volume.usedBytes()));
    lines.add(
        "quota      " + (volume.quotaBytes() == 0 ? "none" : Amounts.bytes(volume.quotaBytes())));
    lines.add("snapshots  " + volume.snapshotCount());
    volume.metadata().forEach((key, value) -> lines.add("metadata   " + key + "=" + value));
    return lines;
  }

  static Table table(List<VolumeDocument> volumes, PeerNames names) {
    Table table = new Table("NAME", "ROLE", "USED", "SNAPSHOTS", "MOUNTED AT", "ID", "OWNER");
    for (VolumeDocument volume : volumes) {
      table.row(
          volume.name().toString(),
          volume.role().toString(),
          Amounts.bytes(volume.usedBytes()),
          Integer.toString(volume.snapshotCount()),
          place(volume),
          volume.id().toString(),
          volume.role() == Role.OWNER ? "here" : names.brief(volume.owner()));
    }
    return table;
  }

  static Table snapshotTable(List<SnapshotDocument> snapshots) {
    Table table = new Table("NAME", "GUID", "CREATED");
    for (SnapshotDocument snapshot : snapshots) {
      table.row(snapshot.name(), snapshot.guid().toString(), snapshot.created().toString());
    }
    return table;
  }

  static List<String> lines(PushPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.kind());
    for (PushPlan.Step step : plan.steps()) {
      String from = step.from() == null ? "" : " from " + step.from();
      String size =
          step.estimateBytes() == null ? "" : ", about " + Amounts.bytes(step.estimateBytes());
      String to = step.to() == null ? "a snapshot that is taken first" : step.to().name();
      lines.add("  " + step.kind() + from + " to " + to + size);
    }
    return lines;
  }
}
