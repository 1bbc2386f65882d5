package io.flocker.cli.daemon;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.FileCalls;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.replicate.policy.LostPolicies;
import io.flocker.core.state.StateDisk;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.RevertedCopies;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.http.api.NodeDocument.Warning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is wrong with the node until somebody sees to it. Any thread. */
final class NodeWarnings implements Supplier<List<Warning>> {
  /** Of volumes; the others are in their own documents. */
  private static final int MOST = 20;

  private final CertificateReload certificates;
  private final StateDisk disk;
  private final VolumeMounter mounter;
  private final RevertedCopies reverted;
  private final Notifying notifying;
  private final LostPolicies lost;
  private final VolumeCatalog catalog;
  private final PeerBook peers;

  NodeWarnings(
      CertificateReload certificates, NodeVolumes node, Notifying notifying, LostPolicies lost) {
    this.peers = node.memory().peers();
    this.catalog = node.catalog();
    this.lost = lost;
    this.certificates = certificates;
    this.disk = node.memory().disk();
    this.mounter = node.mounter();
    this.reverted = node.reverted();
    this.notifying = notifying;
  }

  @Override
  public List<Warning> get() {
    Stream<Warning> forgotten =
        peers.forgotten().stream()
            .map(why -> new Warning("Nobody has said who the peers are", why));
    Stream<Warning> unconfirmed =
        peers.forgotten().isPresent() // Which says it for all of them.
            ? Stream.empty()
            : warnings("A volume is not mounted before others answer", mounter.unconfirmed());
    Stream<Warning> volumes = warnings("A volume is not mounted", mounter.failed());
    Stream<Warning> unwritable = warnings("A volume is mounted read-only", mounter.unwritable());
    Map<VolumeId, String> gone = reverted();
    Map<VolumeId, String> given = new LinkedHashMap<>(mounter.untaken());
    boolean _ = given.keySet().removeAll(gone.keySet()); // Nobody shall take what went back.
    Stream<Warning> untaken = warnings("A volume was given away, not taken", given);
    Stream<Warning> full =
        disk.shortage().stream().map(why -> new Warning("The state folder's disk is full", why));
    Stream<Warning> silent =
        FileCalls.ofThisProcess().stream()
            .map(stuck ->
                new Warning(
                    StorageFailure.MOUNT_SILENT.title(),
                    stuck.place() + " has not answered since " + stuck.since()));
    Stream<Warning> untold =
        notifying.notifiers().stream()
            .flatMap(notifier ->
                notifier.complaint().stream()
                    .map(why -> new Warning(NotifyFailure.NOTIFICATION_FAILED.title(), why)));
    return Stream.of(
            certificates.warning().stream(),
            certificates.complaints().stream(),
            full,
            silent,
            forgotten,
            unconfirmed,
            volumes,
            unwritable,
            untaken,
            warnings("A volume went back to before this node owned it", gone),
            strayed(),
            unreplicated(),
            untold)
        .flatMap(warnings -> warnings)
        .toList();
  }

  private Map<VolumeId, String> reverted() {
    try {
      return reverted.list();
    } catch (FailureException _) {
      return Map.of(); // While the pool or the disk is away that is told of.
    }
  }

  private Stream<Warning> strayed() {
    try {
      return catalog.strays().stream()
          .limit(MOST)
          .map(stray -> new Warning("A volume's dataset was renamed by hand", stray.words()));
    } catch (FailureException _) {
      return Stream.empty(); // While the pool is away that is told of.
    }
  }

  private Stream<Warning> unreplicated() {
    try {
      return lost.list().stream()
          .limit(MOST)
          .map(volume ->
              new Warning(
                  "A volume that was taken over has no replication policy",
                  "nobody holds copies of %s that follow: say who shall, or that nobody is to, by flocker volume replicate"
                      .formatted(volume.name())));
    } catch (FailureException _) {
      return Stream.empty(); // While the pool or the disk is away that is told of.
    }
  }

  private static Stream<Warning> warnings(String title, Map<VolumeId, String> volumes) {
    return volumes.entrySet().stream()
        .limit(MOST)
        .map(one -> new Warning(title, "volume " + one.getKey() + ": " + one.getValue()));
  }
}
