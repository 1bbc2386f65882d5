/**
 * ZFS by its command line, for zfs-fuse 0.7, OpenZFS 2.1 and 2.3 alike.
 *
 * <p>Entry type: {@link io.flocker.zfs.ZfsStorage}. Invariant: argv only, never a shell, never by
 * force; what a ZFS can do is probed, and why it refused is decided by what is there afterwards.
 */
@NullMarked
package io.flocker.zfs;

import org.jspecify.annotations.NullMarked;
