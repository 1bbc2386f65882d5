package io.flocker.core.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.Epochs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Says what the datasets of a pool are as volumes. Asks nobody and changes nothing. */
final class VolumeResolver {
  private final NodeId self;
  private final EpochMemory epochs;

  VolumeResolver(NodeId self, EpochMemory epochs) {
    this.self = self;
    this.epochs = epochs;
  }

  /**
   * The volumes among {@code datasets}; a lineage that is there twice is contested. One dataset
   * that was renamed while they were read, and bears both names, is there once.
   */
  List<Volume> resolve(List<Dataset> datasets) {
    Map<Guid, Dataset> distinct = new LinkedHashMap<>();
    datasets.forEach(dataset -> distinct.put(dataset.guid(), dataset));
    List<Volume> volumes =
        distinct.values().stream().map(this::resolve).flatMap(Optional::stream).toList();
    Map<VolumeId, Long> copies = volumes.stream().collect(groupingBy(Volume::id, counting()));
    return volumes.stream()
        .map(volume -> copies.getOrDefault(volume.id(), 0L) == 1 ? volume : contested(volume))
        .toList();
  }

  /** What a dataset is by itself; empty for one that is not named as ours. */
  Optional<VolumeHead> head(DatasetHead dataset) {
    return DatasetName.ofBasename(dataset.basename())
        .map(name ->
            dataset
                .record()
                .map(record -> recorded(dataset, name, record))
                .orElseGet(() -> unrecorded(dataset, name)));
  }

  /** What a dataset is that is not named as ours, if it bears a record. */
  static Optional<StrayDataset> unnamed(DatasetHead dataset) {
    return dataset
        .record()
        .map(record ->
            new StrayDataset(dataset.name(), record.lineage(), record.node(), Optional.empty()));
  }

  /** Whether it is this node's by its name, and bears no record. */
  boolean isOrphan(DatasetHead dataset) {
    return dataset.record().isEmpty()
        && !dataset.isRecordUnreadable()
        && DatasetName.ofBasename(dataset.basename())
            .filter(name -> name.owner().equals(self) && !SetAsideName.is(name.volume()))
            .isPresent();
  }

  private Optional<Volume> resolve(Dataset dataset) {
    return head(dataset.head())
        .map(head ->
            new Volume(head.id(), head.name(), head.owner(), head.role(), head.epoch(), dataset));
  }

  private VolumeHead recorded(DatasetHead dataset, DatasetName name, OwnershipRecord record) {
    return new VolumeHead(
        record.lineage(),
        name.volume(),
        record.node(),
        role(record),
        Epochs.isPossible(record.epoch()) ? record.epoch() : 0,
        Optional.of(record.operation()),
        dataset.name());
  }

  private Role role(OwnershipRecord record) {
    Role role = Role.of(record, self);
    // Somebody owned it after us: this is an old pool that came back, say from a backup.
    boolean isStale = record.epoch() < epochs.highest(record.lineage());
    boolean isBeyond = !Epochs.isPossible(record.epoch());
    return role == Role.OWNER && (isStale || isBeyond) ? Role.CONTESTED : role;
  }

  /**
   * A replica whose owner has not said yet what its lineage is, as Flocker left them in 2014. Until
   * it does, the id is derived from the dataset's guid, so that it stays the same. One whose record
   * cannot be read has an owner that we do not know: nobody may write it here.
   */
  private static VolumeHead unrecorded(DatasetHead dataset, DatasetName name) {
    UUID derived = UUID.nameUUIDFromBytes(("flocker:dataset:" + dataset.guid()).getBytes(UTF_8));
    Role role = SetAsideName.is(name.volume()) ? Role.SUPERSEDED : Role.REPLICA;
    return new VolumeHead(
        new VolumeId(derived),
        name.volume(),
        name.owner(),
        dataset.isRecordUnreadable() ? Role.CONTESTED : role,
        0,
        Optional.empty(),
        dataset.name());
  }

  private static Volume contested(Volume volume) {
    return new Volume(
        volume.id(),
        volume.name(),
        volume.owner(),
        Role.CONTESTED,
        volume.epoch(),
        volume.dataset());
  }
}
