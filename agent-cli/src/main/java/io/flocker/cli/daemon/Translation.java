package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.ReplicasConfiguration;
import io.flocker.core.config.TlsConfiguration;
import io.flocker.core.config.TransferConfiguration;
import io.flocker.core.id.NodeId;
import io.flocker.core.process.Programs;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.flocker.http.tls.TlsVersion;
import io.flocker.transfer.stream.RateSource;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.zfs.ZfsSettings;

/** Translates the configuration into the settings of each module. */
final class Translation {
  private Translation() {}

  static ZfsSettings zfs(NodeConfiguration configuration) {
    ZfsSettings usual = ZfsSettings.ofPool(configuration.pool());
    return new ZfsSettings(
        Programs.find(configuration.zfs().zfs()),
        Programs.find(configuration.zfs().zpool()),
        configuration.pool(),
        configuration.zfs().concurrency(),
        configuration.zfs().deadline(),
        usual.longDeadline(),
        usual.renameGrace());
  }

  static ReceiverFloor floor(NodeId self, ReplicasConfiguration configuration) {
    return new ReceiverFloor(self, configuration.usual(), configuration.peers());
  }

  static TlsSettings tls(TlsConfiguration configuration) {
    TlsEngine engine =
        switch (configuration.provider()) {
          case AUTO -> TlsEngine.AUTO;
          case BORINGSSL -> TlsEngine.BORINGSSL;
          case JDK -> TlsEngine.JDK;
        };
    TlsVersion minimum =
        switch (configuration.minimum()) {
          case TLS_1_2 -> TlsVersion.TLS_1_2;
          case TLS_1_3 -> TlsVersion.TLS_1_3;
        };
    return new TlsSettings(engine, minimum, TlsSettings.defaults().handshake());
  }

  static TransferSettings transfer(TransferConfiguration configuration) {
    TransferSettings usual = TransferSettings.defaults();
    return new TransferSettings(
        configuration.pipeBytes(),
        usual.readBytes(),
        configuration.heartbeat(),
        configuration.silence(),
        usual.stall(),
        usual.idle(),
        usual.brokenGrace(),
        RateSource.of(configuration.rate()));
  }
}
