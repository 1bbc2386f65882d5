/**
 * The files in which people write what a cluster shall run: Flocker's of 2014, Fig's, and those of
 * Docker Compose; and back, what a node's state is in Flocker's.
 *
 * <p>Entry types: {@link io.flocker.core.deploy.format.WishReader}, {@link
 * io.flocker.core.deploy.format.NodeStateWriter}. Invariant: whatever is read ends in one wish, or
 * in all that is wrong with it, each with its file, line, application and field; nothing that is
 * written there is passed over.
 */
@NullMarked
package io.flocker.core.deploy.format;

import org.jspecify.annotations.NullMarked;
