package io.flocker.core.log;

import io.flocker.core.failure.FailureException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a message says of an exception. */
final class Exceptions {
  private Exceptions() {}

  /** Eliot's {@code exception} and {@code reason}, and the class and facts of a failure of ours. */
  static Map<String, Object> fields(Throwable exception) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("exception", exception.getClass().getName());
    fields.put("reason", String.valueOf(exception.getMessage()));
    if (exception instanceof FailureException known) {
      fields.put("failure", known.failure().type());
      fields.put("facts", known.members());
    }
    return fields;
  }

  /** The same with the {@code traceback}. */
  static Map<String, Object> withTraceback(Throwable exception) {
    Map<String, Object> fields = fields(exception);
    StringWriter traceback = new StringWriter();
    exception.printStackTrace(new PrintWriter(traceback));
    fields.put("traceback", traceback.toString());
    return fields;
  }
}
