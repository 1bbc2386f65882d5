/**
 * The commands of {@code flocker}: each asks one node by its public API and prints the answer.
 *
 * <p>Entry type: {@link io.flocker.cli.command.CommandTree}. Invariant: standard output holds
 * answers and progress, standard error holds errors alone, and the exit code tells which of {@link
 * io.flocker.cli.command.ExitCode} it was.
 */
@NullMarked
package io.flocker.cli.command;

import org.jspecify.annotations.NullMarked;
