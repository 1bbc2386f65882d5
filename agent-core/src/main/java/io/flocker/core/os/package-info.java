/**
 * What the JDK cannot ask of Linux: pipes of a chosen size and pages lent to them, datagrams to a
 * UNIX socket, which file systems are written to, who keeps a device alive, who outlived a process
 * that is gone, and calls that the kernel may never answer.
 *
 * <p>Entry types: {@link io.flocker.core.os.Pipe}, {@link io.flocker.core.os.Holders}, {@link
 * io.flocker.core.os.Orphans}, {@link io.flocker.core.os.FileCalls}, {@link
 * io.flocker.core.os.FileSystemEvents}, {@link io.flocker.core.os.PassedSocket} and {@link
 * io.flocker.core.os.NotifySocket}. Invariant: no other package touches {@code java.lang.foreign},
 * and every descriptor made here is close-on-exec.
 */
@NullMarked
package io.flocker.core.os;

import org.jspecify.annotations.NullMarked;
