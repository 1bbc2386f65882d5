package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** File descriptors as plain numbers. Any thread may call. */
public final class Descriptors {
  private static final int O_CLOEXEC = 0x80000; // asm-generic/fcntl.h

  // int open(const char *pathname, int flags, ...)
  private static final LibC OPEN = LibC.variadic("open", 2, INT, POINTER, INT);

  private static final LibC CLOSE = LibC.function("close", INT, INT); // int close(int)

  // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
  private static final LibC POLL = LibC.function("poll", INT, POINTER, LONG, INT);

  /** {@code struct pollfd}: int fd, short events, short revents. */
  private static final int POLLFD_BYTES = 8;

  private static final int EINTR = 4; // asm-generic/errno-base.h
  private static final int FOR_EVER = -1;

  private Descriptors() {}

  /**
   * Waits until the other end of a pipe, socket or terminal is gone, however long that takes: on a
   * platform thread, for nothing but its end interrupts it. For a file that is never.
   *
   * @throws NativeException where it cannot be asked
   */
  public static void awaitHangUp(int descriptor) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wanted = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      wanted.set(INT, 0, descriptor); // No events: POLLERR, POLLHUP and POLLNVAL come unasked.
      while (true) {
        try {
          POLL.call(wanted, 1L, FOR_EVER);
          return;
        } catch (NativeException e) {
          if (e.errno() != EINTR) {
            throw e;
          }
        }
      }
    }
  }

  /**
   * Opens a file, for the caller to close; children do not inherit it.
   *
   * @param flags of open(2)
   */
  static int open(String path, int flags) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      return (int) OPEN.call(arena.allocateFrom(path), flags | O_CLOEXEC);
    }
  }

  /**
   * Closes {@code descriptor}. Whatever close(2) says, the number is free afterwards on Linux, so
   * there is nothing for the caller to do about it and it must not be closed again.
   */
  public static void close(int descriptor) {
    try {
      CLOSE.call(descriptor);
    } catch (NativeException _) {
      // The number is free all the same (close(2), "Dealing with error returns from close()").
    }
  }
}
