/**
 * Resume tokens, read without asking ZFS.
 *
 * <p>Entry type: {@link io.flocker.zfs.resume.ResumeToken}. Invariant: a token is another node's
 * input: it is bounded and checked before anything of it is believed.
 */
@NullMarked
package io.flocker.zfs.resume;

import org.jspecify.annotations.NullMarked;
