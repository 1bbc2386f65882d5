package io.flocker.core.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing that starts, and succeeds or fails, with all that happens in between. Any thread may
 * call; {@link #call} and {@link #within} make it the current action of the calling thread, so that
 * actions and messages inside become its children. On an event loop keep the action in a field and
 * call its methods.
 *
 * <p>An action whose type is a detail is logged at level debug only; at any other, what happens in
 * it belongs to the action around it.
 */
public final class Action {
  private static final ScopedValue<Action> CURRENT = ScopedValue.newInstance();

  private static final ScopedValue<Boolean> QUIET = ScopedValue.newInstance();

  private final ActionType type;
  private final UUID task;
  private final List<Integer> level;
  private int items;
  private final boolean isQuiet = QUIET.isBound();

  /** Whether it is a detail, and details are not logged now. */
  private final boolean isHidden;

  /** Of a hidden action the nearest one around it that is logged; null where there is none. */
  private final @Nullable Action shown;

  private boolean isFinished;

  private Action(ActionType type, UUID task, List<Integer> level) {
    this.type = type;
    this.task = task;
    this.level = level;
    this.isHidden = false;
    this.shown = null;
  }

  private Action(ActionType type, @Nullable Action shown) {
    this.type = type;
    this.task = shown == null ? UUID.randomUUID() : shown.task;
    this.level = List.of();
    this.isHidden = true;
    this.shown = shown;
  }

  /** Starts a child of the current action, or a new task where there is none. */
  public static Action start(ActionType type, Map<String, ?> fields) {
    Action parent = current();
    return parent == null ? startTask(type, fields) : parent.startChild(type, fields);
  }

  /** Starts a new task, whatever the current action is. */
  public static Action startTask(ActionType type, Map<String, ?> fields) {
    return type.isTold()
        ? begin(new Action(type, UUID.randomUUID(), List.of()), fields)
        : new Action(type, null);
  }

  /** Continues a task that another process began; see {@link #reserve}. */
  public static Action continueTask(TaskId id) {
    return begin(new Action(ActionType.REMOTE_TASK, id.task(), id.level()), Map.of());
  }

  /**
   * Does again what has failed before, and may fail a thousand times more: nothing is logged of it,
   * and whoever does it tells what has changed. What other threads do for it is logged.
   */
  public static <T extends @Nullable Object, X extends Throwable> T quietly(
      ScopedValue.CallableOp<? extends T, X> body) throws X {
    return ScopedValue.where(QUIET, true).<T, X>call(body);
  }

  /** Logs a message in the current action, or as a task of its own. */
  public static void message(MessageType type, Map<String, ?> fields) {
    Action current = current();
    if (QUIET.isBound()) {
      return;
    }
    if (current != null) {
      current.log(type, fields);
    } else if (Logging.isOn(type.level())) {
      Logging.write(Message.lone(type, fields), type.level());
    }
  }

  /** Logs, with its traceback, an exception that is a bug or that nobody else tells of. */
  public static void traceback(Throwable exception) {
    message(MessageType.TRACEBACK, Exceptions.withTraceback(exception));
  }

  /** The action that the calling thread is in. */
  public static @Nullable Action current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** Starts a child of this action; once this is finished, a new task. */
  public Action startChild(ActionType childType, Map<String, ?> fields) {
    if (!childType.isTold()) {
      return new Action(childType, isHidden ? shown : this);
    }
    if (isHidden) {
      return shown == null ? startTask(childType, fields) : shown.startChild(childType, fields);
    }
    TaskId place = reserve();
    return begin(new Action(childType, place.task(), place.level()), fields);
  }

  /** Logs a message in this action; once this is finished, as a task of its own. */
  public void log(MessageType messageType, Map<String, ?> fields) {
    if (isQuiet || !Logging.isOn(messageType.level())) {
      return; // Before a number is taken: a tree has no gaps.
    }
    if (shown != null) {
      shown.log(messageType, fields);
      return;
    }
    Message message =
        nextLevel()
            .map(next -> Message.of(task, next, messageType, fields))
            .orElseGet(() -> Message.lone(messageType, fields));
    Logging.write(message, messageType.level());
  }

  /** The task that this action is part of. */
  public UUID task() {
    return task;
  }

  /**
   * Reserves a place for another process to continue from; each may be used once. Once this is
   * finished, a place in a new task: nothing may come after an action's end.
   */
  public TaskId reserve() {
    if (shown != null) {
      return shown.reserve();
    }
    return nextLevel()
        .map(next -> new TaskId(task, next))
        .orElseGet(() -> new TaskId(UUID.randomUUID(), List.of()));
  }

  /** Runs {@code body} as the current action and finishes with its outcome. */
  public <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> body) throws X {
    try {
      T result = ScopedValue.where(CURRENT, this).<T, X>call(body);
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

  /** Returns what {@code body} does as the current action, without finishing it. */
  public <T> T within(Supplier<T> body) {
    return ScopedValue.where(CURRENT, this).call(body::get);
  }

  /** Finishes well; after the first finish nothing happens. */
  public void succeed(Map<String, ?> fields) {
    finish("succeeded", LogLevel.INFO, fields);
  }

  /** Finishes badly; after the first finish nothing happens. */
  public void fail(Throwable cause) {
    finish("failed", LogLevel.ERROR, Exceptions.fields(cause));
  }

  private static Action begin(Action action, Map<String, ?> fields) {
    action.nextLevel().ifPresent(first -> action.write(first, "started", LogLevel.INFO, fields));
    return action;
  }

  private void finish(String status, LogLevel severity, Map<String, ?> fields) {
    lastLevel().ifPresent(last -> write(last, status, severity, fields));
  }

  private void write(List<Integer> place, String status, LogLevel severity, Map<String, ?> fields) {
    if (!isQuiet) {
      Logging.write(Message.status(task, place, type, status, fields), severity);
    }
  }

  /** The place of the end; empty if it was taken. */
  private synchronized Optional<List<Integer>> lastLevel() {
    Optional<List<Integer>> last = nextLevel();
    isFinished = true;
    return last;
  }

  /** The next free place in this action; empty once it is finished, and where it is hidden. */
  private synchronized Optional<List<Integer>> nextLevel() {
    if (isFinished || isHidden) {
      return Optional.empty();
    }
    List<Integer> next = new ArrayList<>(level);
    next.add(++items);
    return Optional.of(next);
  }
}
