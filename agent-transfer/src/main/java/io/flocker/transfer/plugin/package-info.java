/**
 * This node as Docker's volume plugin.
 *
 * <p>Entry type: {@link io.flocker.transfer.plugin.DockerPlugin}. Invariant: Docker is told that a
 * volume is mounted only while this node owns it, and Docker sees the mount.
 */
@NullMarked
package io.flocker.transfer.plugin;

import org.jspecify.annotations.NullMarked;
