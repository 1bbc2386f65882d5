/**
 * Archives that commands write.
 *
 * <p>Entry type: {@link io.flocker.cli.tar.Tar}. Invariant: an archive names files and no folder,
 * so that those of whoever unpacks it stay as they are.
 */
@NullMarked
package io.flocker.cli.tar;

import org.jspecify.annotations.NullMarked;
