package io.flocker.core.log;

/** The registry of message types: things that are just so. */
public enum MessageType {
  DAEMON_READY("flocker:daemon:ready"),
  DAEMON_CAPABILITIES("flocker:daemon:capabilities"),
  HTTP_REFUSED("flocker:http:refused"),
  HTTP_INCIDENT("flocker:http:incident", LogLevel.ERROR),
  EVENT_WITHHELD("flocker:event:withheld", LogLevel.ERROR),
  TRANSFER_PROVEN("flocker:transfer:proven"),
  TRANSFER_REFUSED("flocker:transfer:refused", LogLevel.WARN),
  TRANSFER_UNPROVEN("flocker:transfer:unproven", LogLevel.WARN),
  POOL_UNGUARDED("flocker:pool:unguarded", LogLevel.ERROR),
  POOL_AWAY("flocker:pool:away", LogLevel.ERROR),
  POOL_BACK("flocker:pool:back"),
  VOLUME_ADOPTED("flocker:volume:adopted"),
  VOLUME_RECORD_VOID("flocker:volume:record-void", LogLevel.WARN),
  VOLUME_NAME_LEFT("flocker:volume:name-left", LogLevel.WARN),
  VOLUME_PROPERTY_LEFT("flocker:volume:property-left", LogLevel.WARN),
  VOLUME_CONFIRMED("flocker:volume:confirmed"),
  VOLUME_UNCONFIRMED("flocker:volume:unconfirmed", LogLevel.WARN),
  VOLUME_FENCED("flocker:volume:fenced", LogLevel.WARN),
  VOLUME_STILL_USED("flocker:volume:still-used", LogLevel.ERROR),
  VOLUME_SUPERSEDED("flocker:volume:superseded", LogLevel.ERROR),
  VOLUME_CONTESTED("flocker:volume:contested", LogLevel.ERROR),
  /** The pool went back to before this node owned it, and nobody owns it now. */
  VOLUME_REVERTED("flocker:volume:reverted", LogLevel.ERROR),
  VOLUME_WAITS("flocker:volume:waits", LogLevel.WARN),
  VOLUME_READONLY("flocker:volume:read-only", LogLevel.WARN),
  VOLUME_FOLDER_MOVED("flocker:volume:folder-moved", LogLevel.WARN),
  SNAPSHOT_PRUNED("flocker:snapshot:pruned"),
  SNAPSHOTS_LEFT("flocker:snapshot:left"),
  LEFTOVER_REMOVED("flocker:leftover:removed"),
  CHILD_STARTED("flocker:child:started", LogLevel.DEBUG),
  CHILD_UNKILLABLE("flocker:child:unkillable", LogLevel.ERROR),
  ZFS_STDERR("flocker:zfs:stderr", LogLevel.DEBUG),
  POLICY_LEFT("flocker:policy:left", LogLevel.WARN),
  GRANT_UNSIGNED("flocker:grant:unsigned", LogLevel.WARN),
  /** By an operator, by force; who said which nodes cannot write it. */
  VOLUME_TAKEN_OVER("flocker:volume:taken-over", LogLevel.WARN),
  /** A superseded copy, kept under another name. */
  VOLUME_SET_ASIDE("flocker:volume:set-aside", LogLevel.WARN),
  HOOK_SAID("flocker:hook:said", LogLevel.INFO),
  HOOK_FAILED("flocker:hook:failed", LogLevel.WARN),
  COPY_ROTATED("flocker:copy:rotated", LogLevel.WARN),
  ENGINE_AWAY("flocker:engine:away", LogLevel.WARN),
  ENGINE_BACK("flocker:engine:back"),
  ROUTES_CHANGED("flocker:routes:changed"),
  /** A setting of the kernel that passes packets on was switched on. */
  ROUTES_FORWARDING("flocker:routes:forwarding"),
  /** Somebody else changed the table; it is written anew. */
  ROUTES_MENDED("flocker:routes:mended", LogLevel.WARN),
  /** Some of what belongs to a change could not be done. */
  ROUTES_HINDERED("flocker:routes:hindered", LogLevel.WARN),
  PEER_CHANGED("flocker:peer:changed"),
  PEER_UNASKED("flocker:peer:unasked", LogLevel.WARN),
  CERTIFICATE_LOADED("flocker:certificate:loaded"),
  CERTIFICATE_REFUSED("flocker:certificate:refused", LogLevel.WARN),
  /** Connections were ended because of their certificate. */
  CERTIFICATE_CUT_OFF("flocker:certificate:cut-off", LogLevel.WARN),
  CERTIFICATE_EXPIRING("flocker:certificate:expiring", LogLevel.WARN),
  /** Somebody was told that a copy or a volume stands otherwise. */
  NOTIFY_TOLD("flocker:notify:told"),
  /** Nobody could be told; said once, until it works again. */
  NOTIFY_FAILED("flocker:notify:failed", LogLevel.WARN),
  CONFIG_LOADED("flocker:config:loaded"),
  CONFIG_REFUSED("flocker:config:refused", LogLevel.WARN),
  CONFIGURATION_ACCEPTED("flocker:configuration:accepted"),
  /** What a library logged or printed; logged at the library's own level. */
  LIBRARY("flocker:library"),
  /** Eliot's own: an exception that no action tells of. */
  TRACEBACK("eliot:traceback", LogLevel.ERROR),
  /** How many messages were lost while the queue was full. */
  DROPPED("eliot:dropped", LogLevel.WARN);

  private final String text;
  private final LogLevel level;

  MessageType(String text) {
    this(text, LogLevel.INFO);
  }

  MessageType(String text, LogLevel level) {
    this.text = text;
    this.level = level;
  }

  /** How much messages of this type matter. */
  public LogLevel level() {
    return level;
  }

  /** The value of the {@code message_type} field. */
  @Override
  public String toString() {
    return text;
  }
}
