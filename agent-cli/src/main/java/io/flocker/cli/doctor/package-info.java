/**
 * What keeps this node from its work, as far as the node itself can see, and what to do about it.
 *
 * <p>Entry type: {@link io.flocker.cli.doctor.Doctor}. Invariant: it looks, and changes nothing.
 */
@NullMarked
package io.flocker.cli.doctor;

import org.jspecify.annotations.NullMarked;
