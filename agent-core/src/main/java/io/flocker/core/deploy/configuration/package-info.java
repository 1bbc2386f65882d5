/**
 * The wish that a node goes by: what it was told last, kept over restarts.
 *
 * <p>Entry type: {@link io.flocker.core.deploy.configuration.ConfigurationBook}. Invariant: a
 * configuration counts once it is on disk, and never again once a later one is.
 */
@NullMarked
package io.flocker.core.deploy.configuration;

import org.jspecify.annotations.NullMarked;
