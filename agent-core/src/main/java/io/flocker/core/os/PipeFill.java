package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Says how much lies in a pipe. One thread at a time; owns no descriptor. */
public final class PipeFill {
  private static final long FIONREAD = 0x541B; // asm-generic/ioctls.h, x86_64 and aarch64 alike

  // int ioctl(int fd, unsigned long op, ...)
  private static final MethodHandle IOCTL =
      LibC.variadic("ioctl", 2, INT, INT, LONG, POINTER).handle();

  private final int descriptor;
  private final MemorySegment state;
  private final MemorySegment unread;

  /**
   * Looks into one pipe.
   *
   * @param descriptor either end of it, which stays the caller's
   */
  public PipeFill(int descriptor) {
    Arena arena = Arena.ofAuto();
    this.descriptor = descriptor;
    this.state = LibC.newState(arena);
    this.unread = arena.allocate(INT);
  }

  /** How many bytes of the pipe nobody has read yet. */
  public int unread() throws NativeException {
    if (fionread() < 0) {
      throw new NativeException("ioctl", LibC.errno(state));
    }
    return unread.get(INT, 0);
  }

  private int fionread() {
    try {
      return (int) IOCTL.invokeExact(state, descriptor, FIONREAD, unread);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
