package io.flocker.transfer.verify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SnapshotViews;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.protocol.DigestAnswer;
import io.flocker.transfer.protocol.DigestRequest;
import java.util.function.Consumer;

/** Says what snapshots contain, of what is owned here and of copies. Blocks; any thread. */
public final class DigestService {
  /** More would only take the disk from each other. */
  private static final int AT_ONCE = 1;

  private final NodeVolumes node;
  private final FolderDigest digest;

  /**
   * Reads the volumes of {@code node}.
   *
   * @param bytesPerSecond how fast at most, above 0, however many ask
   */
  public DigestService(NodeVolumes node, long bytesPerSecond) {
    this.node = node;
    this.digest = new FolderDigest(node.storage().poolName(), AT_ONCE, bytesPerSecond);
  }

  /**
   * Tells the owner of a copy what a snapshot of it contains. That may take days, so it ends when
   * nobody waits for it any more.
   *
   * @param onDeparture is given what ends it
   * @throws FailureException {@code NOT_OWNER} where {@code caller} is not whom the copy belongs to
   */
  public DigestAnswer answer(
      NodeId caller, VolumeId id, DigestRequest request, Consumer<Runnable> onDeparture)
      throws FailureException {
    Volume copy = node.catalog().require(id);
    if (!copy.owner().equals(caller)) {
      throw OwnershipFailure.NOT_OWNER
          .because(copy.name() + " belongs to node " + copy.owner() + " here")
          .with("owner", copy.owner());
    }
    try (SnapshotViews.View view = node.views().open(id, request.snapshot())) {
      return readOrGiveWay(
          view,
          () -> new DigestAnswer(CancellableWait.of(hooks(onDeparture, view), () -> of(view))));
    }
  }

  /** What ends a reading: what its caller knows, and whoever destroys what is read. */
  static Consumer<Runnable> hooks(Consumer<Runnable> ofCaller, SnapshotViews.View view) {
    return hook -> {
      ofCaller.accept(hook);
      view.onWanted(hook);
    };
  }

  /** Something that reads a view. */
  @FunctionalInterface
  interface Reader<T> {
    T read() throws FailureException;
  }

  /**
   * Reads a view.
   *
   * @throws FailureException {@code CANCELLED} where it was ended for who destroys the snapshot
   */
  static <T> T readOrGiveWay(SnapshotViews.View view, Reader<T> reader) throws FailureException {
    try {
      return reader.read();
    } catch (FailureException e) {
      if (!view.isWanted()) {
        throw e;
      }
      throw TransferFailure.CANCELLED
          .because("the comparison gave way to who destroys what was compared")
          .causedBy(e);
    }
  }

  /** The digest of a snapshot, in hexadecimal; ends when the thread is interrupted. */
  String of(SnapshotViews.View view) throws FailureException {
    return digest.of(view.folder());
  }
}
