package io.flocker.http.server;

import io.flocker.core.identity.Certified;
import java.util.OptionalLong;

/**
 * Who has opened a connection.
 *
 * @param process the pid of a caller on this machine, as this process sees pids; empty for one that
 *     comes by the network
 */
record Origin(Certified certified, OptionalLong process) {
  /** A caller that comes by the network. */
  static Origin remote(Certified certified) {
    return new Origin(certified, OptionalLong.empty());
  }
}
