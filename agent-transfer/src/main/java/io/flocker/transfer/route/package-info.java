/**
 * The routes of pushes and handoffs: what users ask for, and what nodes ask each other.
 *
 * <p>Entry types: {@link io.flocker.transfer.route.TransferRoutes} and {@link
 * io.flocker.transfer.route.InterNodeRoutes}. Invariant: nothing is decided here; a route reads
 * what is asked, has it done, and says what came of it.
 */
@NullMarked
package io.flocker.transfer.route;

import org.jspecify.annotations.NullMarked;
