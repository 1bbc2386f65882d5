/**
 * Events as they go to those who listen over HTTP.
 *
 * <p>Entry type: {@link io.flocker.http.event.CheckedEvents}. Invariant: no event is sent whose
 * data breaks its schema.
 */
@NullMarked
package io.flocker.http.event;

import org.jspecify.annotations.NullMarked;
