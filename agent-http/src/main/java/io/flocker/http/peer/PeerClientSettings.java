package io.flocker.http.peer;

import java.time.Duration;

/**
 * What the client between nodes bounds.
 *
 * @param connect for the TCP connection; TLS has its own deadline
 * @param accept from an upload's head to 100 (Continue): the peer decides then whether it can take
 *     the stream
 * @param idle how long an unused connection is kept; shorter than a server keeps it, so that a
 *     request seldom meets a connection that is just being closed
 * @param maxIdlePerPeer unused connections that one event loop keeps for one peer
 * @param maxResponseBytes the largest response body
 * @param answersBytes what the responses of all peers together may take of the heap until they are
 *     read; half of it those of one peer
 */
public record PeerClientSettings(
    Duration connect,
    Duration accept,
    Duration idle,
    int maxIdlePerPeer,
    int maxResponseBytes,
    long answersBytes) {
  private static final int ANSWERS_PART_OF_HEAP = 8;

  /** What suits nodes of one cluster. */
  public static PeerClientSettings defaults() {
    return new PeerClientSettings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        4,
        4 * 1024 * 1024,
        Runtime.getRuntime().maxMemory() / ANSWERS_PART_OF_HEAP);
  }
}
