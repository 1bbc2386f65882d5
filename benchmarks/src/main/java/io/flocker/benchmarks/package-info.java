/**
 * What the parts of the byte path cost, one question a class.
 *
 * <p>Entry type: JMH's own {@code org.openjdk.jmh.Main}, by {@code benchmarks/jmh}. Invariant: a
 * figure is a ratio to something measured in the same run; absolute times belong to one machine.
 */
@NullMarked
package io.flocker.benchmarks;

import org.jspecify.annotations.NullMarked;
