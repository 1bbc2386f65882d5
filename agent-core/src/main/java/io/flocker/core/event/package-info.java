/**
 * What happens on this node, told to those who listen.
 *
 * <p>Entry type: {@link io.flocker.core.event.EventHub}. Invariant: who tells never waits; who
 * listens gets every event that is for it once and in order, or is told what it has missed; nobody
 * who listens slowly costs more memory than its queue.
 */
@NullMarked
package io.flocker.core.event;

import org.jspecify.annotations.NullMarked;
