/**
 * The node's database: one SQLite file of its state folder. The only room that knows JDBC.
 *
 * <p>Entry type: {@link io.flocker.core.store.Database}. Invariant: what a method has written when
 * it returns survives a power failure; only the database's own two threads ever call SQLite, since
 * it pins virtual ones.
 */
@NullMarked
package io.flocker.core.store;

import org.jspecify.annotations.NullMarked;
