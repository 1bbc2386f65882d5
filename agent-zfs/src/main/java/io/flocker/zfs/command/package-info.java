/**
 * The {@code zfs} and {@code zpool} command lines: what they know here, and what they answered.
 *
 * <p>Entry type: {@link io.flocker.zfs.command.ZfsTool}. Invariant: no other package of this module
 * starts a command that it waits for, and every name that reaches an argv was checked.
 */
@NullMarked
package io.flocker.zfs.command;

import org.jspecify.annotations.NullMarked;
