/**
 * The stream format of {@code zfs send}, as far as a bystander must know it: heads of records, and
 * how many bytes follow each.
 *
 * <p>Entry type: {@link io.flocker.zfs.stream.StreamWalker}. Invariant: what is not understood is
 * refused, never skipped; see {@code include/sys/zfs_ioctl.h} of OpenZFS.
 */
@NullMarked
package io.flocker.zfs.stream;

import org.jspecify.annotations.NullMarked;
