/**
 * The configuration of this node, read once from {@code flockerd.yml}.
 *
 * <p>Entry type: {@link io.flocker.core.config.NodeConfiguration}. Invariant: what is read is valid
 * as a whole; a file with any problem yields all of its problems and nothing else. Only this
 * package parses the file.
 */
@NullMarked
package io.flocker.core.config;

import org.jspecify.annotations.NullMarked;
