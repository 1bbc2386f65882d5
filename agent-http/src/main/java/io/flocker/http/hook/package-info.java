/**
 * Calls servers of operators.
 *
 * <p>Entry type: {@link io.flocker.http.hook.HookTarget}. Invariant: nothing of the cluster's keys
 * is used towards them, and what they are sent is signed.
 */
@NullMarked
package io.flocker.http.hook;

import org.jspecify.annotations.NullMarked;
