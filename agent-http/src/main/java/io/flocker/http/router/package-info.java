/**
 * Which route a request is for, and whether its caller may take it.
 *
 * <p>Entry type: {@link io.flocker.http.router.Router}. Invariant: a caller that a path is not for
 * learns nothing but that; a path variable never holds a slash, a dot segment or a control
 * character.
 */
@NullMarked
package io.flocker.http.router;

import org.jspecify.annotations.NullMarked;
