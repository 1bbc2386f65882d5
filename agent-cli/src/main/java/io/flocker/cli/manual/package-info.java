/**
 * What the build writes about the programs, out of their own command lines.
 *
 * <p>Entry type: {@link io.flocker.cli.manual.Manuals}. Invariant: no command and no option is
 * described here, each has its words from where it is declared.
 */
@NullMarked
package io.flocker.cli.manual;

import org.jspecify.annotations.NullMarked;
