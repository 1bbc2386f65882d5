/**
 * How the parts of this module become one.
 *
 * <p>Entry type: {@link io.flocker.http.assembly.PublicApi}. Invariant: nothing is done here;
 * routes are made of what they need, and listed.
 */
@NullMarked
package io.flocker.http.assembly;

import org.jspecify.annotations.NullMarked;
