/**
 * What the JDK cannot ask the kernel for, called by {@code java.lang.foreign}.
 *
 * <p>Entry types: one class a thing. Invariant: no other package calls C.
 */
@NullMarked
package io.flocker.core.os;

import org.jspecify.annotations.NullMarked;
