package io.flocker.cli.daemon;

import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.FileCalls;
import io.flocker.core.state.StateDisk;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.http.api.NodeDocument.Warning;
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
  private final Notifying notifying;

  NodeWarnings(
      CertificateReload certificates, StateDisk disk, VolumeMounter mounter, Notifying notifying) {
    this.certificates = certificates;
    this.disk = disk;
    this.mounter = mounter;
    this.notifying = notifying;
  }

  @Override
  public List<Warning> get() {
    Stream<Warning> volumes = warnings("A volume is not mounted", mounter.failed());
    Stream<Warning> untaken = warnings("A volume was given away, not taken", mounter.untaken());
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
            volumes,
            untaken,
            untold)
        .flatMap(warnings -> warnings)
        .toList();
  }

  private static Stream<Warning> warnings(String title, Map<VolumeId, String> volumes) {
    return volumes.entrySet().stream()
        .limit(MOST)
        .map(one -> new Warning(title, "volume " + one.getKey() + ": " + one.getValue()));
  }
}
