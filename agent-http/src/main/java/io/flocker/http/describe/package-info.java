/**
 * What is served, described from what the routes declare.
 *
 * <p>Entry type: {@link io.flocker.http.describe.DescriptionRoutes}. Invariant: the description
 * names every public route and nothing else.
 */
@NullMarked
package io.flocker.http.describe;

import org.jspecify.annotations.NullMarked;
