package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.LONG;
import static io.flocker.core.os.LibC.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Waits for the ends of several pipes: poll(2). On a platform thread, which it keeps. Made anew for
 * each wait.
 */
public final class PipeWait {
  private static final short POLLIN = 1; // asm-generic/poll.h, like the others
  private static final short POLLOUT = 4;
  private static final short POLLERR = 8;
  private static final short POLLHUP = 16;

  /** {@code struct pollfd}: int fd, short events, short revents. */
  private static final int POLLFD_BYTES = 8;

  private static final int EVENTS = 4;
  private static final int RETURNED = 6;
  private static final int EINTR = 4; // asm-generic/errno-base.h

  // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
  private static final LibC POLL = LibC.function("poll", INT, POINTER, LONG, INT);

  private record Wanted(int descriptor, short events) {}

  private final List<Wanted> wanted = new ArrayList<>();
  private short[] returned = {};

  /** Waits for a read end to have bytes, or to have come to its end. Returns its place. */
  public int readable(int descriptor) {
    return add(descriptor, POLLIN);
  }

  /** Waits for a write end to have room, or to be broken. */
  public int writable(int descriptor) {
    return add(descriptor, POLLOUT);
  }

  /** Waits for a write end to be broken. */
  public int broken(int descriptor) {
    return add(descriptor, (short) 0);
  }

  private int add(int descriptor, short events) {
    wanted.add(new Wanted(descriptor, events));
    return wanted.size() - 1;
  }

  /** Waits until one of them is, or the patience is at its end; a signal may end it too. */
  public void await(Duration patience) throws NativeException {
    returned = new short[wanted.size()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate((long) POLLFD_BYTES * wanted.size(), Integer.BYTES);
      for (int i = 0; i < wanted.size(); i++) {
        long at = (long) i * POLLFD_BYTES;
        all.set(INT, at, wanted.get(i).descriptor());
        all.set(ValueLayout.JAVA_SHORT, at + EVENTS, wanted.get(i).events());
      }
      POLL.call(all, (long) wanted.size(), (int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
      for (int i = 0; i < returned.length; i++) {
        returned[i] = all.get(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + RETURNED);
      }
    } catch (NativeException e) {
      if (e.errno() != EINTR) {
        throw e;
      }
    }
  }

  /** Whether the one at that place has bytes or room, or has come to its end. */
  public boolean isReady(int place) {
    return (returned[place] & (POLLIN | POLLOUT | POLLHUP)) != 0;
  }

  /** Whether the other end of the one at that place is gone. */
  public boolean isBroken(int place) {
    return (returned[place] & POLLERR) != 0;
  }
}
