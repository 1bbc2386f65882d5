package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.net.Buffers;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.transfer.stream.StreamReceiver;
import io.flocker.transfer.stream.TransferSettings;

/**
 * Streams that this node's own commands bring: judged by what they say of themselves, vouched for
 * by nobody, and only taken into copies that bear no ownership record.
 */
public final class UnannouncedStreams {
  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final TransferSettings settings;
  private final StreamExpectation expected;

  /**
   * Asks once what the pool can take.
   *
   * @throws FailureException if ZFS does not say
   */
  public UnannouncedStreams(NodeVolumes node, TransferSettings settings) throws FailureException {
    this.self = node.self();
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.settings = settings;
    this.expected = StreamExpectation.unannounced(flags(storage.capabilities()));
  }

  /**
   * Takes a stream into the copy that the exchange's path names. On its event loop.
   *
   * @throws FailureException {@code NOT_FOUND} if it names none, {@code OWNED_HERE} for a volume of
   *     this node
   */
  public StreamBody open(StreamExchange exchange) throws FailureException {
    DatasetName name = name(exchange);
    if (name.owner().equals(self)) {
      throw OwnershipFailure.OWNED_HERE.because(
          "node " + self + " takes no stream into its own volume " + name.volume());
    }
    return StreamReceiver.open(
        exchange,
        new UnannouncedStream(name, storage, catalog, locks, expected, settings.pipeBytes()),
        settings,
        Buffers.pool());
  }

  private static DatasetName name(StreamExchange exchange) throws FailureException {
    String text = exchange.variables().get("owner") + "." + exchange.variables().get("name");
    return DatasetName.ofBasename(text)
        .orElseThrow(() ->
            RequestFailure.NOT_FOUND.because("'" + text + "' is no <owner-uuid>.<namespace>.<id>"));
  }

  /** Whatever this pool can take. */
  private static SendFlags flags(Capabilities capabilities) {
    return new SendFlags(
        capabilities.poolFeatures().contains("large_blocks"),
        capabilities.poolFeatures().contains("embedded_data"),
        capabilities.poolFeatures().contains("lz4_compress"),
        capabilities.poolFeatures().contains("encryption"));
  }
}
