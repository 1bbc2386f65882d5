/**
 * How JSON is read and written, said once.
 *
 * <p>Entry type: {@link io.flocker.core.json.JsonMappers}. Invariant: nobody else makes a mapper (a
 * test keeps it so), and none of them takes a member twice, or anything after the document.
 */
@NullMarked
package io.flocker.core.json;

import org.jspecify.annotations.NullMarked;
