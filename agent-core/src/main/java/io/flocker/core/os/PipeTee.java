package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Has what lies in one pipe lie in others too, by reference to its pages: tee(2) copies nothing,
 * and nothing passes through this process. One thread at a time; owns no descriptor but one of its
 * own.
 */
public final class PipeTee implements AutoCloseable {
  /** Nothing can be passed on now: the pipe is empty, or the other one full. */
  public static final long BLOCKED = -1;

  /** Nobody reads the other pipe any more. */
  public static final long BROKEN = -2;

  private static final long NONE = 0; // a null pointer: a pipe has no offset
  private static final int SPLICE_F_NONBLOCK = 2; // bits/fcntl-linux.h
  private static final int EPIPE = 32; // asm-generic/errno-base.h
  private static final int EAGAIN = 11; // asm-generic/errno-base.h
  private static final int O_WRONLY = 1; // asm-generic/fcntl.h

  // ssize_t tee(int fd_in, int fd_out, size_t len, unsigned int flags)
  private static final MethodHandle TEE = LibC.function("tee", LONG, INT, INT, LONG, INT).handle();

  // ssize_t splice(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t len, unsigned
  // flags)
  private static final MethodHandle SPLICE =
      LibC.function("splice", LONG, INT, LONG, INT, LONG, LONG, INT).handle();

  private final int source;
  private final int nowhere;
  private final MemorySegment state = LibC.newState(Arena.ofAuto());

  /**
   * Passes on from one pipe.
   *
   * @param source its read end, which stays the caller's
   */
  public PipeTee(int source) throws NativeException {
    this.source = source;
    this.nowhere = Descriptors.open("/dev/null", O_WRONLY);
  }

  /**
   * Puts the first bytes of the source into another pipe as well; waits for nobody.
   *
   * @param target the write end of that one
   * @param most how many at most, above 0
   * @return how many, always from the first one on; 0 when the source has come to its end, else
   *     {@link #BLOCKED} or {@link #BROKEN}
   */
  public long copy(int target, long most) throws NativeException {
    long count = tee(target, most);
    if (count >= 0) {
      return count;
    }
    return switch (LibC.errno(state)) {
      case EAGAIN -> BLOCKED;
      case EPIPE -> BROKEN;
      default -> throw new NativeException("tee", LibC.errno(state));
    };
  }

  /**
   * Takes the first bytes out of the source.
   *
   * @param count how many, of which the source has as many
   */
  public void discard(long count) throws NativeException {
    long left = count;
    while (left > 0) {
      long taken = splice(left);
      if (taken < 0) {
        throw new NativeException("splice", LibC.errno(state));
      }
      if (taken == 0) {
        throw new IllegalStateException("the pipe has " + left + " bytes fewer than it had");
      }
      left -= taken;
    }
  }

  @Override
  public void close() {
    Descriptors.close(nowhere);
  }

  private long tee(int target, long most) {
    try {
      return (long) TEE.invokeExact(state, source, target, most, SPLICE_F_NONBLOCK);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }

  private long splice(long most) {
    try {
      return (long) SPLICE.invokeExact(state, source, NONE, nowhere, NONE, most, SPLICE_F_NONBLOCK);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
