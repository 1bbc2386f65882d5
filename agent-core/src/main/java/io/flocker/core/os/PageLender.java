package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Puts pages of our memory into a pipe instead of a copy of what they hold: vmsplice(2). One thread
 * at a time; owns no descriptor.
 *
 * <p>A lent byte must not change before the pipe's reader has read it, which {@link #unread} tells.
 * The reader has to take bytes out with read(2), which copies: splice(2) would carry the page on.
 */
public final class PageLender {
  private static final int SPLICE_F_NONBLOCK = 2; // bits/fcntl-linux.h
  private static final int EAGAIN = 11; // asm-generic/errno-base.h

  // ssize_t vmsplice(int fd, const struct iovec *iov, size_t nr_segs, unsigned int flags)
  private static final MethodHandle VMSPLICE =
      LibC.function("vmsplice", LONG, INT, LONG, LONG, INT).handle();

  private final int descriptor;
  private final MemorySegment state;
  private final PipeFill fill;

  /**
   * Lends to one pipe.
   *
   * @param descriptor of the pipe's write end, which stays the caller's
   */
  public PageLender(int descriptor) {
    Arena arena = Arena.ofAuto();
    this.descriptor = descriptor;
    this.state = LibC.newState(arena);
    this.fill = new PipeFill(descriptor);
  }

  /**
   * Lends what {@code vectors} name; waits for nobody.
   *
   * @param vectors the address of an array of {@code struct iovec}
   * @param count how many there are
   * @return how many of their bytes lie in the pipe now; 0 when it is full
   * @throws NativeException when the pipe takes none: EPIPE when nobody reads it
   */
  public long lend(long vectors, int count) throws NativeException {
    long taken = vmsplice(vectors, count);
    if (taken >= 0) {
      return taken;
    }
    int errno = LibC.errno(state);
    if (errno == EAGAIN) {
      return 0;
    }
    throw new NativeException("vmsplice", errno);
  }

  /** How many bytes of the pipe nobody has read yet, lent or not. */
  public int unread() throws NativeException {
    return fill.unread();
  }

  private long vmsplice(long vectors, long count) {
    try {
      return (long) VMSPLICE.invokeExact(state, descriptor, vectors, count, SPLICE_F_NONBLOCK);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
