package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.stream.StreamInspector;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.stream.Received;
import io.flocker.transfer.stream.Reception;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stream without a plan. What it may land on is decided once its BEGIN has told what it builds
 * on, before a child starts; the volume is locked from then to the end.
 */
final class UnannouncedStream implements Reception {
  private final DatasetName name;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final int pipeBytes;
  private final Action action;
  private final StreamInspector inspector;

  private volatile String dataset = "";
  private volatile VolumeLocks.@Nullable Lease lease;
  private volatile @Nullable Child child;

  UnannouncedStream(
      DatasetName name,
      Storage storage,
      VolumeCatalog catalog,
      VolumeLocks locks,
      StreamExpectation expected,
      int pipeBytes) {
    this.name = name;
    this.storage = storage;
    this.catalog = catalog;
    this.locks = locks;
    this.pipeBytes = pipeBytes;
    this.inspector = storage.inspector(expected);
    this.action = Action.startTask(ActionType.TRANSFER_RECEIVE, Map.of("dataset", name.toString()));
  }

  @Override
  public StreamInspector inspector() {
    return inspector;
  }

  @Override
  public boolean isProofRequired() {
    return false;
  }

  @Override
  public void progress(long bytes) {
    // Whoever feeds the command sees for himself.
  }

  @Override
  public Child start() throws FailureException {
    dataset = name.in(storage.poolName());
    Optional<Volume> present = catalog.at(dataset);
    lease = locks.own(present.map(Volume::id).orElseGet(this::unknown), "receive into " + dataset);
    Optional<Dataset> copy = storage.dataset(dataset);
    requireUnrecorded(copy);
    ReceiveTarget target =
        inspector.base().equals(Guid.NONE)
            ? TransferJudge.full(dataset, copy)
            : TransferJudge.increment(inspector.base(), dataset, copy);
    Child started = storage.receive(target.dataset(), pipeBytes);
    child = started;
    return started;
  }

  @Override
  public Object received(Received stream) throws FailureException {
    List<Guid> snapshots;
    try {
      snapshots = takeOver();
    } catch (FailureException | RuntimeException e) {
      finish(Optional.of(e));
      throw e;
    }
    long bytes = stream.proof().bytes();
    action.log(MessageType.TRANSFER_UNPROVEN, Map.of("seen", stream.proof().toString()));
    action.succeed(Map.of("bytes", bytes));
    finish(Optional.empty());
    return Map.of("dataset", dataset, "bytes", bytes, "snapshots", snapshots);
  }

  @Override
  public FailureException failed(FailureException why) {
    FailureException explained = why;
    if (child != null) {
      try {
        explained = ReceiveDiagnosis.explain(storage, dataset, child, why);
        var _ = storage.afterFailedReceive(dataset, Optional.empty());
      } catch (FailureException | RuntimeException e) {
        explained.addSuppressed(e);
      }
    }
    finish(Optional.of(explained));
    return explained;
  }

  private List<Guid> takeOver() throws FailureException {
    storage.seal(dataset, Map.of());
    return storage.dataset(dataset).stream()
        .flatMap(copy -> copy.snapshots().stream())
        .map(Snapshot::guid)
        .toList();
  }

  /** The one end of every path; see {@link IncomingTransfer}. */
  private void finish(Optional<Exception> failure) {
    failure.ifPresent(action::fail);
    VolumeLocks.Lease taken = lease;
    if (taken != null) {
      taken.close();
    }
  }

  /** Refuses a dataset with a record: its owner's flockerd pushes it, and vouches for that. */
  private static void requireUnrecorded(Optional<Dataset> copy) throws FailureException {
    if (copy.isPresent() && (copy.get().record().isPresent() || copy.get().isRecordUnreadable())) {
      throw OwnershipFailure.VOLUME_EXISTS.because(
          copy.get().name()
              + " is a volume of the cluster, which its owner's flockerd pushes: nobody would vouch"
              + " for this stream");
    }
  }

  /** Made of the name, so that two streams that would make one dataset exclude each other, too. */
  private VolumeId unknown() {
    return new VolumeId(UUID.nameUUIDFromBytes(dataset.getBytes(StandardCharsets.UTF_8)));
  }
}
