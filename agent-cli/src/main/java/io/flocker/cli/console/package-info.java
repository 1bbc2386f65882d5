/**
 * What people read: tables, amounts, progress.
 *
 * <p>Entry type: {@link io.flocker.cli.console.Terminal}. Invariant: ASCII only, and never a line
 * wider than the terminal is while it is redrawn.
 */
@NullMarked
package io.flocker.cli.console;

import org.jspecify.annotations.NullMarked;
