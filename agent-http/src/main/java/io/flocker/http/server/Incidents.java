package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.http.problem.Problem;
import java.util.Map;

/** What nobody foresaw: all of it goes to the log, and only its id to the caller. */
final class Incidents {
  private Incidents() {}

  /** Logs an exception that nobody caught, in the action that it broke. */
  static FailureException report(Action action, Throwable cause) {
    action.within(() -> Action.traceback(cause));
    return report(action, cause.toString());
  }

  /** Logs what is wrong, in the action that it broke. */
  static FailureException report(Action action, String reason) {
    action.log(
        MessageType.HTTP_INCIDENT, Map.of("incident", action.task().toString(), "reason", reason));
    return Problem.incident(action.task());
  }
}
