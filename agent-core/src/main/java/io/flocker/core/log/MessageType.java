package io.flocker.core.log;

/** The registry of message types: things that are just so. */
public enum MessageType {
  DAEMON_READY("flocker:daemon:ready"),
  DAEMON_CAPABILITIES("flocker:daemon:capabilities"),
  HTTP_REFUSED("flocker:http:refused"),
  HTTP_INCIDENT("flocker:http:incident"),
  TRANSFER_PROVEN("flocker:transfer:proven"),
  TRANSFER_REFUSED("flocker:transfer:refused"),
  VOLUME_ADOPTED("flocker:volume:adopted"),
  VOLUME_RECORD_VOID("flocker:volume:record-void"),
  VOLUME_NAME_LEFT("flocker:volume:name-left"),
  SNAPSHOT_PRUNED("flocker:snapshot:pruned"),
  CHILD_UNKILLABLE("flocker:child:unkillable"),
  ZFS_STDERR("flocker:zfs:stderr"),
  PEER_CHANGED("flocker:peer:changed"),
  CONFIG_LOADED("flocker:config:loaded"),
  /** What a library logged or printed. */
  LIBRARY("flocker:library"),
  /** Eliot's own: an exception that no action tells of. */
  TRACEBACK("eliot:traceback"),
  /** How many messages were lost while the queue was full. */
  DROPPED("eliot:dropped");

  private final String text;

  MessageType(String text) {
    this.text = text;
  }

  /** The value of the {@code message_type} field. */
  @Override
  public String toString() {
    return text;
  }
}
