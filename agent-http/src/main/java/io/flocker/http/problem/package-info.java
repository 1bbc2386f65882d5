/**
 * Failures as problem documents, both ways (RFC 9457).
 *
 * <p>Entry type: {@link io.flocker.http.problem.Problem}. Invariant: what was not foreseen tells
 * nothing but an incident id, which is the task id in the log. No Netty here: clients read problems
 * too.
 */
@NullMarked
package io.flocker.http.problem;

import org.jspecify.annotations.NullMarked;
