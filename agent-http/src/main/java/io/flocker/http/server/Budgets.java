package io.flocker.http.server;

import io.flocker.core.failure.RequestFailure;
import io.flocker.http.net.SharedBudget;

/**
 * What the requests of all callers may take of a server together.
 *
 * @param heads bytes of the heap for request lines, header fields and what was sent in advance
 * @param bodies bytes of the heap for JSON bodies and their trees
 * @param served JSON requests that are being served
 * @param waiting JSON requests that are answered once something has happened
 */
record Budgets(SharedBudget heads, SharedBudget bodies, SharedBudget served, SharedBudget waiting) {
  private static final int HEADS_PART_OF_BODIES = 4;

  /** The budgets of a server. */
  static Budgets of(HttpsServerSettings.Limits limits) {
    return new Budgets(
        heads(limits.bodyBudgetBytes() / HEADS_PART_OF_BODIES),
        bodies(limits.bodyBudgetBytes()),
        new SharedBudget(
            limits.concurrentRequests(),
            new SharedBudget.Refusals(
                RequestFailure.TOO_MANY_REQUESTS,
                "As many requests of %s are being served as one caller's may be at once.",
                RequestFailure.NODE_BUSY,
                "As many requests are being served as may be at once.")),
        new SharedBudget(
            limits.concurrentRequests(),
            new SharedBudget.Refusals(
                RequestFailure.TOO_MANY_REQUESTS,
                "As many requests of %s wait for something as one caller's may at once.",
                RequestFailure.NODE_BUSY,
                "As many requests wait for something as may at once.")));
  }

  /** A budget of bytes for heads. */
  static SharedBudget heads(long bytes) {
    return new SharedBudget(
        bytes,
        new SharedBudget.Refusals(
            RequestFailure.TOO_MANY_REQUESTS,
            "The headers of the requests of %s take as much room as one caller's may at once.",
            RequestFailure.NODE_BUSY,
            "The headers of all requests take as much room as there is for them."));
  }

  /** A budget of bytes for bodies. */
  static SharedBudget bodies(long bytes) {
    return new SharedBudget(
        bytes,
        new SharedBudget.Refusals(
            RequestFailure.NO_ROOM_FOR_BODY,
            "The bodies of %s take as much room as one caller may have at once.",
            RequestFailure.NO_ROOM_FOR_BODY,
            "The bodies of all callers take as much room as there is for them."));
  }
}
