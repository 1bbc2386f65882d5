package io.flocker.core.event;

import java.util.List;
import java.util.stream.Stream;

/** The registry of event types. */
public enum EventType {
  /** A volume is here that was not here before, new or as a copy. */
  VOLUME_CREATED("volume.created"),
  /** Its size, its content or what people say of it was changed on purpose. */
  VOLUME_CHANGED("volume.changed"),
  /** Another owner, or another role of this node. */
  VOLUME_ROLE_CHANGED("volume.role-changed"),
  /** Unmounted, since another owner is proven, or a rival. */
  VOLUME_FENCED("volume.fenced"),
  /** A peer knows of no later owner than this node. */
  VOLUME_CONFIRMED("volume.confirmed"),
  /** An operator has made this node its owner by force. */
  VOLUME_TAKEN_OVER("volume.taken-over"),
  VOLUME_DESTROYED("volume.destroyed"),
  SNAPSHOT_TAKEN("snapshot.taken"),
  SNAPSHOT_RECEIVED("snapshot.received"),
  SNAPSHOT_DESTROYED("snapshot.destroyed"),
  OPERATION_STARTED("operation.started"),
  OPERATION_PHASE("operation.phase"),
  OPERATION_PROGRESS("operation.progress"),
  OPERATION_ENDED("operation.ended"),
  TRANSFER_STARTED("transfer.started"),
  TRANSFER_PROGRESS("transfer.progress"),
  TRANSFER_ENDED("transfer.ended"),
  PEER_CHANGED("peer.changed"),
  PEER_REMOVED("peer.removed"),
  PEER_REACHABLE("peer.reachable"),
  PEER_UNREACHABLE("peer.unreachable"),
  CERTIFICATE_EXPIRING("certificate.expiring"),
  /** The node was told another wish of the cluster. */
  CONFIGURATION_ACCEPTED("configuration.accepted"),
  /** An object of the wish stands otherwise than before. */
  CONVERGENCE_CHANGED("convergence.changed"),
  /** All that this node can do of the wish is done. */
  CONVERGENCE_REACHED("convergence.reached"),
  /** The copy of a volume at a peer stands otherwise than before. */
  REPLICATION_CHANGED("replication.changed"),
  /** Events are missing here; whatever a listener asked for, it is told so. */
  GAP("gap");

  private final String text;

  EventType(String text) {
    this.text = text;
  }

  /**
   * The types that {@code text} names: one, or all of a family such as {@code volume}.
   *
   * @throws IllegalArgumentException if it names none that can be asked for
   */
  public static List<EventType> parse(String text) {
    List<EventType> named =
        Stream.of(values())
            .filter(type -> type != GAP)
            .filter(type -> type.text.equals(text) || type.family().equals(text))
            .toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException("there are no events of the type '" + text + "'");
    }
    return named;
  }

  /** What all types of a kind share: the text before the period. */
  public String family() {
    int period = text.indexOf('.');
    return period < 0 ? text : text.substring(0, period);
  }

  /** Whether the next one of its kind says all that this one does: it may be left out. */
  boolean isSample() {
    return this == OPERATION_PROGRESS || this == TRANSFER_PROGRESS;
  }

  /** The type as listeners see it. */
  @Override
  public String toString() {
    return text;
  }
}
