package io.flocker.core.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One thing that starts, and succeeds or fails, with all that happens in between. Any thread may
 * call; {@link #call} and {@link #within} make it the current action of the calling thread, so that
 * actions and messages inside become its children. On an event loop keep the action in a field and
 * call its methods.
 */
public final class Action {
  private static final ScopedValue<Action> CURRENT = ScopedValue.newInstance();

  private final ActionType type;
  private final UUID task;
  private final List<Integer> level;
  private final AtomicInteger items = new AtomicInteger();
  private final AtomicBoolean isFinished = new AtomicBoolean();

  private Action(ActionType type, UUID task, List<Integer> level) {
    this.type = type;
    this.task = task;
    this.level = level;
  }

  /** Starts a child of the current action, or a new task where there is none. */
  public static Action start(ActionType type, Map<String, ?> fields) {
    Action parent = CURRENT.orElse(null);
    return parent == null ? startTask(type, fields) : parent.startChild(type, fields);
  }

  /** Starts a new task, whatever the current action is. */
  public static Action startTask(ActionType type, Map<String, ?> fields) {
    return begin(new Action(type, UUID.randomUUID(), List.of()), fields);
  }

  /** Continues a task that another process began; see {@link #reserve}. */
  public static Action continueTask(TaskId id) {
    return begin(new Action(ActionType.REMOTE_TASK, id.task(), id.level()), Map.of());
  }

  /** Logs a message in the current action, or as a task of its own. */
  public static void message(MessageType type, Map<String, ?> fields) {
    Action current = CURRENT.orElse(null);
    if (current == null) {
      Message.write(UUID.randomUUID(), List.of(1), "message_type", type.toString(), fields);
    } else {
      current.log(type, fields);
    }
  }

  /** The action that the calling thread is in. */
  public static @Nullable Action current() {
    return CURRENT.orElse(null);
  }

  /** Starts a child of this action. */
  public Action startChild(ActionType childType, Map<String, ?> fields) {
    return begin(new Action(childType, task, nextLevel()), fields);
  }

  /** Logs a message in this action. */
  public void log(MessageType messageType, Map<String, ?> fields) {
    Message.write(task, nextLevel(), "message_type", messageType.toString(), fields);
  }

  /** The task that this action is part of. */
  public UUID task() {
    return task;
  }

  /** Reserves a place for another process to continue from; each may be used once. */
  public TaskId reserve() {
    return new TaskId(task, nextLevel());
  }

  /** Runs {@code body} as the current action and finishes with its outcome. */
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    try {
      T result = ScopedValue.where(CURRENT, this).call(body::call);
      succeed(Map.of());
      return result;
    } catch (Throwable e) {
      fail(e);
      throw e;
    }
  }

  /** Runs {@code body} as the current action without finishing it. */
  public void within(Runnable body) {
    ScopedValue.where(CURRENT, this).run(body);
  }

  /** Finishes well; after the first finish nothing happens. */
  public void succeed(Map<String, ?> fields) {
    if (isFinished.compareAndSet(false, true)) {
      Message.writeStatus(task, nextLevel(), type, "succeeded", fields);
    }
  }

  /** Finishes badly; after the first finish nothing happens. */
  public void fail(Throwable cause) {
    if (isFinished.compareAndSet(false, true)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("exception", cause.getClass().getName());
      fields.put("reason", String.valueOf(cause.getMessage()));
      Message.writeStatus(task, nextLevel(), type, "failed", fields);
    }
  }

  private static Action begin(Action action, Map<String, ?> fields) {
    Message.writeStatus(action.task, action.nextLevel(), action.type, "started", fields);
    return action;
  }

  private List<Integer> nextLevel() {
    List<Integer> next = new ArrayList<>(level);
    next.add(items.incrementAndGet());
    return next;
  }
}
