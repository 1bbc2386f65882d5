/**
 * The page by which people watch a node in a browser.
 *
 * <p>Entry type: {@link io.flocker.http.ui.PageRoutes}. Invariant: the page only asks; it runs no
 * script but its own, and takes nothing that it is told for HTML.
 */
@NullMarked
package io.flocker.http.ui;

import org.jspecify.annotations.NullMarked;
