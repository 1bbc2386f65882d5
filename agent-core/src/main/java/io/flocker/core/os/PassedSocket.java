package io.flocker.core.os;

import java.util.Map;
import java.util.OptionalInt;

/**
 * A listening socket that a service manager has opened before this process and keeps open after it,
 * by the protocol of sd_listen_fds(3). Any thread may call.
 */
public final class PassedSocket {
  private static final int FIRST = 3; // systemd/sd-daemon.h: SD_LISTEN_FDS_START

  private PassedSocket() {}

  /** The first one that is meant for process {@code pid}: its descriptor here; empty if none is. */
  public static OptionalInt descriptor(Map<String, String> environment, long pid) {
    boolean isMeant = Long.toString(pid).equals(environment.get("LISTEN_PID"));
    return isMeant && environment.getOrDefault("LISTEN_FDS", "").matches("[1-9][0-9]*")
        ? OptionalInt.of(FIRST)
        : OptionalInt.empty();
  }
}
