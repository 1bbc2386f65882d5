/**
 * Eliot messages: what happens, as trees of actions that cross from node to node.
 *
 * <p>Entry type: {@link io.flocker.core.log.Action}. Invariant: every message has a registered type
 * and a place in exactly one task; logging never fails and never blocks an event loop.
 */
@NullMarked
package io.flocker.core.log;

import org.jspecify.annotations.NullMarked;
