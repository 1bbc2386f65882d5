/**
 * The programs: {@code flocker}, {@code flocker-ca} and {@code flockerd} start here or below.
 *
 * <p>Entry type: {@link io.flocker.cli.Flocker}. Invariant: a main method only puts parts together;
 * what it does lives elsewhere and is tested there.
 */
@NullMarked
package io.flocker.cli;

import org.jspecify.annotations.NullMarked;
