/**
 * Whole streams, from a child through two daemons to a child, beside what people use instead.
 *
 * <p>Entry type: {@link io.flocker.benchmarks.stream.StreamHarness}, by {@code benchmarks/stream}.
 * Invariant: what moves the bytes is the product's own code; only the children, and the judge of
 * what they write, are made up.
 */
@NullMarked
package io.flocker.benchmarks.stream;

import org.jspecify.annotations.NullMarked;
