/**
 * A node and what it knows of its cluster, shown again and again to somebody who watches.
 *
 * <p>Entry type: {@link io.flocker.cli.watch.Watch}. Invariant: keys and windows are answered out
 * of what is known; only {@link io.flocker.cli.watch.Questions} asks the node, one thing at a time.
 */
@NullMarked
package io.flocker.cli.watch;

import org.jspecify.annotations.NullMarked;
