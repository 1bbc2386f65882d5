package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A change that is made whole or not at all. Before each step it says how the step is undone, and
 * after any failure, of the step itself too, all that was said is undone, the last first. What
 * cannot be undone comes last in a change. One thread only.
 *
 * <p>An undoing has to do nothing where its step did nothing.
 */
public final class AllOrNothing {
  /** One step, forward or back. */
  @FunctionalInterface
  public interface Step {
    void run() throws FailureException;
  }

  /** The steps of a change. */
  @FunctionalInterface
  public interface Change<T> {
    T make(AllOrNothing change) throws FailureException;
  }

  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Deque<Step> undoings = new ArrayDeque<>();

  private AllOrNothing() {}

  /**
   * Makes a change.
   *
   * @throws FailureException as the step that failed did; its member {@code notUndone} says what
   *     could not be undone, where that happens
   */
  public static <T> T make(Change<T> steps) throws FailureException {
    AllOrNothing change = new AllOrNothing();
    try {
      return steps.make(change);
    } catch (FailureException e) {
      List<String> left = change.undo(e);
      throw left.isEmpty() ? e : e.with(FailureException.NOT_UNDONE, left);
    } catch (Throwable e) {
      List<String> _ = change.undo(e);
      throw e;
    }
  }

  /** Looks whether something is done. */
  @FunctionalInterface
  public interface Look {
    boolean isDone() throws FailureException;
  }

  /** Does what nothing undoes. An answer that was lost is no failure where the deed is done. */
  public static void finish(Step deed, Look look) throws FailureException {
    boolean _ =
        finishMaking(
            () -> {
              deed.run();
              return true;
            },
            () -> look.isDone() ? Optional.of(true) : Optional.empty());
  }

  /** Looks for what was made. */
  @FunctionalInterface
  public interface Search<T> {
    Optional<T> find() throws FailureException;
  }

  /** The same for a deed that makes something. */
  public static <T> T finishMaking(Consequence<T> deed, Search<T> search) throws FailureException {
    try {
      return deed.draw();
    } catch (FailureException e) {
      Optional<T> made;
      try {
        made = search.find();
      } catch (FailureException | RuntimeException unknown) {
        e.addSuppressed(unknown);
        throw e.undecided();
      }
      if (made.isEmpty()) {
        throw e;
      }
      return made.get();
    } catch (RuntimeException e) {
      return found(search, e).orElseThrow(() -> e);
    }
  }

  private static <T> Optional<T> found(Search<T> search, RuntimeException cause) {
    try {
      return search.find();
    } catch (FailureException | RuntimeException e) {
      cause.addSuppressed(e);
      return Optional.empty();
    }
  }

  /** What follows once a change is made, and cannot be taken back. */
  @FunctionalInterface
  public interface Consequence<T> {
    T draw() throws FailureException;
  }

  /** Tries a few times: a change that is made should not be answered as one that failed. */
  public static <T> T afterwards(Consequence<T> consequence) throws FailureException {
    for (int attempt = 1; ; attempt++) {
      try {
        return consequence.draw();
      } catch (FailureException e) {
        if (attempt == ATTEMPTS || !hasRested()) {
          throw e.afterTheChange();
        }
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !hasRested()) {
          throw e;
        }
      }
    }
  }

  private static boolean hasRested() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Says how the next step is undone. */
  public void onFailure(Step undoing) {
    undoings.push(undoing);
  }

  /** Also for a thread that was interrupted: what is half done helps nobody. */
  private List<String> undo(Throwable cause) {
    boolean wasInterrupted = Thread.interrupted();
    List<String> left = new ArrayList<>();
    for (Step undoing : undoings) {
      try {
        undoing.run();
      } catch (FailureException | RuntimeException e) {
        Action.traceback(e);
        cause.addSuppressed(e);
        left.add(String.valueOf(e.getMessage()));
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return left;
  }
}
