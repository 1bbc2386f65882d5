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
  private final NodeVolumes node;
  private final FolderDigest digest;
  private final ReadingTurns turns = new ReadingTurns();

  /**
   * Reads the volumes of {@code node}.
   *
   * @param bytesPerSecond how fast at most, above 0, for this node itself, and as fast again for
   *     its peers, however many ask
   */
  public DigestService(NodeVolumes node, long bytesPerSecond) {
    this.node = node;
    this.digest = new FolderDigest(node.storage().poolName(), bytesPerSecond);
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
    // One request of a peer keeps its snapshot from being pruned while it waits: of the others
    // there is no clone and no mount.
    try (ReadingTurns.Turn _ = CancellableWait.of(onDeparture, () -> turns.of(caller));
        SnapshotViews.View view = node.views().open(id, request.snapshot())) {
      return readOrGiveWay(
          view,
          () -> new DigestAnswer(CancellableWait.of(hooks(onDeparture, view), () -> asked(view))));
    }
  }

  private String asked(SnapshotViews.View view) throws FailureException {
    try (ReadingTurns.Turn _ = turns.asked()) {
      return digest.of(view.folder());
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

  /**
   * The digest of a snapshot of this node's own, in hexadecimal; ends when the thread is
   * interrupted.
   *
   * @param listener hears of it if another comparison has to end first, and when the reading begins
   */
  String of(SnapshotViews.View view, ReadingTurns.TurnListener listener) throws FailureException {
    try (ReadingTurns.Turn _ = turns.own(listener)) {
      return digest.of(view.folder());
    }
  }
}
