package io.flocker.core.log;

/** The registry of action types: things that start, and succeed or fail. */
public enum ActionType {
  DAEMON_START("flocker:daemon:start"),
  DAEMON_STOP("flocker:daemon:stop"),
  HTTP_REQUEST("flocker:http:request"),
  HTTP_CALL("flocker:http:call"),
  OPERATION("flocker:operation"),
  PUSH("flocker:push"),
  PUSH_PLAN("flocker:push:plan"),
  TRANSFER_SEND("flocker:transfer:send"),
  TRANSFER_RECEIVE("flocker:transfer:receive"),
  HANDOFF("flocker:handoff"),
  HANDOFF_PREPARE("flocker:handoff:prepare"),
  HANDOFF_QUIESCE("flocker:handoff:quiesce"),
  HANDOFF_RELEASE("flocker:handoff:release"),
  HANDOFF_ACQUIRE("flocker:handoff:acquire"),
  HANDOFF_RECOVER("flocker:handoff:recover"),
  VOLUME_CREATE("flocker:volume:create"),
  VOLUME_DESTROY("flocker:volume:destroy"),
  VOLUME_CLONE("flocker:volume:clone"),
  VOLUME_CHANGE("flocker:volume:change"),
  VOLUME_ROLLBACK("flocker:volume:rollback"),
  SNAPSHOT_DESTROY("flocker:snapshot:destroy"),
  VOLUME_MOUNT("flocker:volume:mount"),
  /** The reading of all that a snapshot contains. */
  CONTENT_DIGEST("flocker:content:digest"),
  VERIFICATION("flocker:verification"),
  HOOK("flocker:hook"),
  ZFS("flocker:zfs", true),
  /** The wait for children of a daemon that was here before. */
  CHILD_LEFT("flocker:child:left"),
  /** A call that changes something of the container engine. */
  ENGINE_CHANGE("flocker:engine:change"),
  NFT("flocker:nft", true),
  /** A program of the operator's that is told of a change. */
  NOTIFY_EXECUTABLE("flocker:notify:executable"),
  /** Eliot's own: the part of a task that another process began. */
  REMOTE_TASK("eliot:remote_task");

  private final String text;
  private final boolean isDetail;

  ActionType(String text) {
    this(text, false);
  }

  ActionType(String text, boolean isDetail) {
    this.text = text;
    this.isDetail = isDetail;
  }

  /** Whether only who looks for a fault wants to know of it. */
  public boolean isDetail() {
    return isDetail;
  }

  /** Whether it is told of now: details are, to who looks for a fault. */
  boolean isTold() {
    return !isDetail || Logging.isOn(LogLevel.DEBUG);
  }

  /** The value of the {@code action_type} field. */
  @Override
  public String toString() {
    return text;
  }
}
