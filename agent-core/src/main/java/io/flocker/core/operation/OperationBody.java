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
}
