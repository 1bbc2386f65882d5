package io.flocker.http.server;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.http.problem.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What nobody foresaw: all of it goes to the log, and only its id to the caller. */
final class Incidents {
  private static final int MAX_TRACE = 16 * 1024;

  private Incidents() {}

  /** Logs an exception that nobody caught, in the action that it broke. */
  static Answer report(Action action, Throwable cause) {
    StringWriter trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    String text = trace.toString();
    return report(action, text.substring(0, Math.min(text.length(), MAX_TRACE)));
  }

  /** Logs what is wrong, in the action that it broke. */
  static Answer report(Action action, String reason) {
    action.log(
        MessageType.HTTP_INCIDENT, Map.of("incident", action.task().toString(), "reason", reason));
    return Answer.of(Problem.incident(action.task()));
  }
}
