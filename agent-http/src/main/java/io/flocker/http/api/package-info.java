/**
 * The public API, {@code /v1}: what it answers about the node, its peers, volumes and operations.
 *
 * <p>Entry types: {@link io.flocker.http.api.NodeRoutes}, {@link io.flocker.http.api.PeerRoutes},
 * {@link io.flocker.http.api.VolumeRoutes}, {@link io.flocker.http.api.OperationRoutes}. Invariant:
 * what a body may hold is said once, by the files in {@code schemas/}; the documents here are made
 * from the model and never the other way round.
 */
@NullMarked
package io.flocker.http.api;

import org.jspecify.annotations.NullMarked;
