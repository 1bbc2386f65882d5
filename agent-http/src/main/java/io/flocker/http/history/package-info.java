/**
 * What a node did during the last hour, for people who look at it.
 *
 * <p>Entry type: {@link io.flocker.http.history.History}. Invariant: it takes as much memory after
 * a year as after an hour, and asks ZFS nothing.
 */
@NullMarked
package io.flocker.http.history;

import org.jspecify.annotations.NullMarked;
