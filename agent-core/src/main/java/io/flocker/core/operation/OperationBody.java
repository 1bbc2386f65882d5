package io.flocker.core.operation;

import java.util.Map;

/** What an operation does: plain blocking code on a virtual thread of its own. */
@FunctionalInterface
public interface OperationBody {
  /**
   * Does it.
   *
   * @return what came of it, for the API: values that Jackson writes
   * @throws io.flocker.core.failure.FailureException becomes the operation's problem
   * @throws Exception anything else becomes a problem with an incident id
   */
  Map<String, Object> run(OperationContext context) throws Exception;

  /**
   * Whether it may be past its commit before it is run, as one that goes on after the daemon's end
   * may be: then there is no time at which it can be cancelled.
   */
  default boolean onlyGoesForward() {
    return false;
  }

  /** The same body, which only goes forward. */
  static OperationBody forward(OperationBody body) {
    return new OperationBody() {
      @Override
      public Map<String, Object> run(OperationContext context) throws Exception {
        return body.run(context);
      }

      @Override
      public boolean onlyGoesForward() {
        return true;
      }
    };
  }
}
