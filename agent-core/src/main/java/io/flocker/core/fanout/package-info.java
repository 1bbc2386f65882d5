/**
 * One child's stream for several peers.
 *
 * <p>Entry type: {@link io.flocker.core.fanout.FanOut}. Invariant: whoever reads a share of a
 * stream sees either all of it and a child that did well, or a child that did not; what becomes of
 * the others it sees at no time.
 */
@NullMarked
package io.flocker.core.fanout;

import org.jspecify.annotations.NullMarked;
