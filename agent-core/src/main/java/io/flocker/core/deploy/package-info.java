/**
 * What a cluster shall run: applications, and which node runs which.
 *
 * <p>Entry type: {@link io.flocker.core.deploy.Deployment}. Invariant: what was made is whole and
 * agrees with itself, two that mean the same are equal, and nothing here knows a format, a network
 * or an engine.
 */
@NullMarked
package io.flocker.core.deploy;

import org.jspecify.annotations.NullMarked;
