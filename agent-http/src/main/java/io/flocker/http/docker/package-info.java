/**
 * The container engine of this node, spoken to over its UNIX socket by the Docker Engine API: see
 * {@code agent-http/DOCKER.md}.
 *
 * <p>Entry type: {@link io.flocker.http.docker.DockerEngine}. Invariant: what does not bear the
 * labels of flockerd is never changed, every wait has a deadline or a sign of life, and no answer
 * is held whole unless it is bounded.
 */
@NullMarked
package io.flocker.http.docker;

import org.jspecify.annotations.NullMarked;
