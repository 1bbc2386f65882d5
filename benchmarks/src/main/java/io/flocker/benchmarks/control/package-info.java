/**
 * What control requests cost: the product's HTTP stack beside nginx, which serves the same bytes
 * from a file over the same TLS, asked by the same caller in turns.
 *
 * <p>Entry type: {@link ControlHarness}, by {@code benchmarks/control}. Invariant: a figure is a
 * ratio within one round.
 */
@NullMarked
package io.flocker.benchmarks.control;

import org.jspecify.annotations.NullMarked;
