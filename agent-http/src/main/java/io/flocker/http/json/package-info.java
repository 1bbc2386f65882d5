/**
 * How JSON is read and written, everywhere.
 *
 * <p>Entry type: {@link io.flocker.http.json.Json}. Invariant: what is ambiguous (duplicate names,
 * trailing text, a fraction for an integer) is refused, never guessed.
 */
@NullMarked
package io.flocker.http.json;

import org.jspecify.annotations.NullMarked;
