package io.flocker.http.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Where the server listens, and what it bounds.
 *
 * @param bind port 0 picks a free one
 * @param passed the descriptor of a socket that listens there already, without blocking, which is
 *     taken over
 */
public record HttpsServerSettings(
    InetSocketAddress bind, OptionalInt passed, Limits limits, Deadlines deadlines) {
  /**
   * How much of everything there may be.
   *
   * @param connections of known callers, those of one caller at most half of them; for one more the
   *     one makes way that is idle the longest, and if none is, its first request gets 503
   * @param handshakes connections whose callers are not known yet; for one more the oldest makes
   *     way
   * @param handshakesOfAddress the same from one address
   * @param requestsOfConnection the last one's response closes it
   * @param concurrentRequests JSON requests being served, those of one caller at most half of them;
   *     beyond it they get 503, beyond a caller's half 429. As many more may wait for something
   * @param bodyBytes the largest JSON body
   * @param bodyBudgetBytes what all JSON bodies together may take of the heap while they are
   *     collected and read, those of one caller at most half of it; beyond it they get 503. Heads,
   *     and what is sent in advance, may take a quarter as much, with the same halves
   */
  public record Limits(
      int connections,
      int handshakes,
      int handshakesOfAddress,
      int requestsOfConnection,
      int concurrentRequests,
      int bodyBytes,
      long bodyBudgetBytes) {
    private static final int BODY_PART_OF_HEAP = 4;

    /** What suits a storage node. */
    public static Limits usual() {
      long bodyBudget = Runtime.getRuntime().maxMemory() / BODY_PART_OF_HEAP;
      return new Limits(1024, 256, 64, 10_000, 256, 1024 * 1024, bodyBudget);
    }
  }

  /**
   * How long everything may take.
   *
   * @param handshake from an accepted connection to the end of its TLS handshake
   * @param head from a request's first byte to the end of its headers
   * @param body from the end of the headers to the end of a JSON body
   * @param idle from a response to the next request's first byte
   * @param drain running exchanges, once the server closes
   * @param silence towards a node that waits for a JSON answer, before it is told that this one is
   *     at work; far below what a client waits for a word
   */
  public record Deadlines(
      Duration handshake,
      Duration head,
      Duration body,
      Duration idle,
      Duration drain,
      Duration silence) {
    /** What suits a storage node. */
    public static Deadlines usual() {
      return new Deadlines(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5));
    }
  }

  /** What suits a storage node. */
  public static HttpsServerSettings on(InetSocketAddress bind) {
    return new HttpsServerSettings(bind, OptionalInt.empty(), Limits.usual(), Deadlines.usual());
  }

  /** The same on a socket that listens already, if there is one. */
  public HttpsServerSettings over(OptionalInt descriptor) {
    return new HttpsServerSettings(bind, descriptor, limits, deadlines);
  }

  /** The same with other limits. */
  public HttpsServerSettings with(Limits other) {
    return new HttpsServerSettings(bind, passed, other, deadlines);
  }

  /** The same with other deadlines. */
  public HttpsServerSettings with(Deadlines other) {
    return new HttpsServerSettings(bind, passed, limits, other);
  }
}
