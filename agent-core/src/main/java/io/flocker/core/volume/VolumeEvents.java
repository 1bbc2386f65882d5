package io.flocker.core.volume;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Snapshot;
import java.util.List;
import java.util.Map;

/** Tells what happens to volumes and their snapshots, once it is on disk. Any thread. */
final class VolumeEvents {
  private final NodeId self;
  private final EventSink events;

  /** Tells as the node {@code self}. */
  VolumeEvents(NodeId self, EventSink events) {
    this.self = self;
    this.events = events;
  }

  /** A volume is there that was not. */
  void created(Volume volume) {
    tell(EventType.VOLUME_CREATED, volume);
  }

  /** Its size, its content or what is said of it is another one. */
  void changed(Volume volume) {
    tell(EventType.VOLUME_CHANGED, volume);
  }

  /** Its copy here is one of before this node owned it, or that is decided. */
  void reverted(VolumeHead copy) {
    tell(EventType.VOLUME_CHANGED, copy.id(), copy.name(), copy.owner(), copy.role(), copy.epoch());
  }

  /** An operator has made this node its owner by force. */
  void takenOver(Volume volume) {
    tell(EventType.VOLUME_TAKEN_OVER, volume);
  }

  /**
   * A record says something else of a volume than before.
   *
   * @param isNew whether nothing was said of it before, since it was not here
   */
  void recorded(OwnershipRecord record, VolumeName name, boolean isNew) {
    tell(isNew ? EventType.VOLUME_CREATED : EventType.VOLUME_ROLE_CHANGED, record, name);
  }

  /** A peer knows of no later owner. */
  void confirmed(VolumeHead volume, NodeId by) {
    events.tell(
        Event.of(
            EventType.VOLUME_CONFIRMED,
            volume.id(),
            Map.of(
                "name", volume.name(),
                "owner", volume.owner(),
                "role", volume.role(),
                "epoch", volume.epoch(),
                "confirmedBy", by)));
  }

  /** It was taken away from its users, since this node was put out. */
  void fenced(Volume volume) {
    tell(EventType.VOLUME_FENCED, volume);
  }

  /** It is gone from this node, and was so. */
  void destroyed(Volume volume) {
    tell(EventType.VOLUME_DESTROYED, volume);
  }

  /** A snapshot was taken here. */
  void taken(VolumeId volume, Snapshot snapshot) {
    tell(EventType.SNAPSHOT_TAKEN, volume, snapshot);
  }

  /** Snapshots came from another node. */
  void received(VolumeId volume, List<Snapshot> snapshots) {
    snapshots.forEach(snapshot -> tell(EventType.SNAPSHOT_RECEIVED, volume, snapshot));
  }

  /** A snapshot is gone from this node. */
  void destroyed(VolumeId volume, Snapshot snapshot) {
    tell(EventType.SNAPSHOT_DESTROYED, volume, snapshot);
  }

  private void tell(EventType type, Volume volume) {
    tell(type, volume.id(), volume.name(), volume.owner(), volume.role(), volume.epoch());
  }

  private void tell(EventType type, OwnershipRecord record, VolumeName name) {
    tell(type, record.lineage(), name, record.node(), Role.of(record, self), record.epoch());
  }

  private void tell(
      EventType type, VolumeId id, VolumeName name, NodeId owner, Role role, long epoch) {
    events.tell(
        Event.of(type, id, Map.of("name", name, "owner", owner, "role", role, "epoch", epoch)));
  }

  private void tell(EventType type, VolumeId volume, Snapshot snapshot) {
    Map<String, Object> reference = Map.of("name", snapshot.name(), "guid", snapshot.guid());
    events.tell(Event.of(type, volume, Map.of("snapshot", reference)));
  }
}
