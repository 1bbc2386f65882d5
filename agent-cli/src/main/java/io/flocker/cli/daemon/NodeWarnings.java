package io.flocker.cli.daemon;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.FileCalls;
import io.flocker.core.state.StateDisk;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.http.api.NodeDocument.Warning;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is wrong with the node until somebody sees to it. Any thread. */
final class NodeWarnings implements Supplier<List<Warning>> {
  /** Of volumes; the others are in their own documents. */
  private static final int MOST = 20;

  private final CertificateReload certificates;
  private final StateDisk disk;
  private final VolumeMounter mounter;

  NodeWarnings(CertificateReload certificates, StateDisk disk, VolumeMounter mounter) {
    this.certificates = certificates;
    this.disk = disk;
    this.mounter = mounter;
  }

  @Override
  public List<Warning> get() {
    Stream<Warning> volumes =
        mounter.failed().entrySet().stream()
            .limit(MOST)
            .map(failed ->
                new Warning(
                    "A volume is not mounted",
                    "volume " + failed.getKey() + ": " + failed.getValue()));
    Stream<Warning> full =
        disk.shortage().stream().map(why -> new Warning("The state folder's disk is full", why));
    Stream<Warning> silent =
        FileCalls.ofThisProcess().stream()
            .map(stuck ->
                new Warning(
                    StorageFailure.MOUNT_SILENT.title(),
                    stuck.place() + " has not answered since " + stuck.since()));
    return Stream.of(
            certificates.warning().stream(),
            certificates.complaints().stream(),
            full,
            silent,
            volumes)
        .flatMap(warnings -> warnings)
        .toList();
  }
}
