package io.flocker.core.os;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A listening socket that a service manager has opened before this process and keeps open after it,
 * by the protocol of sd_listen_fds(3). Any thread may call.
 */
public final class PassedSocket {
  private static final int FIRST = 3; // systemd/sd-daemon.h: SD_LISTEN_FDS_START
  private static final int F_SETFD = 2; // asm-generic/fcntl.h
  private static final int F_GETFL = 3; // asm-generic/fcntl.h
  private static final int F_SETFL = 4; // asm-generic/fcntl.h
  private static final int FD_CLOEXEC = 1; // asm-generic/fcntl.h

  private PassedSocket() {}

  /**
   * The one that is meant for process {@code pid}, ready to be used.
   *
   * @return its descriptor here; empty if none was passed
   * @throws IOException if several were passed, of which only one could be served, or what was
   *     passed is not open
   */
  public static OptionalInt take(Map<String, String> environment, long pid) throws IOException {
    OptionalInt passed = descriptor(environment, pid);
    if (passed.isPresent()) {
      makeOurs(passed.getAsInt());
    }
    return passed;
  }

  static OptionalInt descriptor(Map<String, String> environment, long pid) throws IOException {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    boolean isMeant = Long.toString(pid).equals(environment.get("LISTEN_PID"));
    if (!isMeant || !count.matches("[1-9][0-9]*")) {
      return OptionalInt.empty();
    }
    if (!count.equals("1")) {
      throw new IOException(
          "The service manager passed "
              + count
              + " sockets, and only one can be served; leave one address (ListenStream=)");
    }
    return OptionalInt.of(FIRST);
  }

  /** Not every manager passes one that does not block, and that no child of ours keeps open. */
  static void makeOurs(int descriptor) throws IOException {
    try {
      int flags = (int) Pipe.FCNTL.call(descriptor, F_GETFL, 0);
      Pipe.FCNTL.call(descriptor, F_SETFL, flags | Pipe.O_NONBLOCK);
      Pipe.FCNTL.call(descriptor, F_SETFD, FD_CLOEXEC);
    } catch (NativeException e) {
      throw new IOException("Cannot take over the socket that was passed", e);
    }
  }
}
