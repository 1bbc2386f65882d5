/**
 * What a route is: declared once, with who may call it and what goes in and out.
 *
 * <p>Entry type: {@link io.flocker.http.route.Route}. Invariant: nothing is served that is not
 * declared; a handler never sees a caller, a body or a media type that its declaration forbids.
 */
@NullMarked
package io.flocker.http.route;

import org.jspecify.annotations.NullMarked;
