/**
 * What JSON bodies look like, checked both ways against JSON Schema 2020-12.
 *
 * <p>Entry type: {@link io.flocker.http.schema.SchemaGate}. The schemas are files of the class
 * path, {@code schemas/<name>.json}; each module has its own there. Invariant: a handler sees no
 * body that breaks its schema, and a caller none that breaks ours.
 *
 * <p>A schema for users closes its objects with {@code additionalProperties: false}. One for nodes
 * leaves them open, so that two versions work together; a sender names what the receiver has to
 * understand in {@code must}. One for answers is open too, as it is published, and is checked as if
 * it were closed.
 */
@NullMarked
package io.flocker.http.schema;

import org.jspecify.annotations.NullMarked;
