/**
 * An application's external port leads from every node to the node that runs it, by one nftables
 * table that is ours, {@code inet flocker}; see {@code agent-core/ROUTES.md}.
 *
 * <p>Entry types: {@link io.flocker.core.deploy.route.Routes}, and {@link
 * io.flocker.core.deploy.route.Nftables} that does it. Invariant: whatever happens, the old routes
 * or the new ones are in force, never a part of them; and no table of others is changed.
 */
@NullMarked
package io.flocker.core.deploy.route;

import org.jspecify.annotations.NullMarked;
