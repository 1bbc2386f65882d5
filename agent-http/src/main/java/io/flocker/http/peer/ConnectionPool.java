package io.flocker.http.peer;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop that wait for their next exchange. On that loop only. */
final class ConnectionPool {
  private final EventLoop loop;
  private final Connector connector;
  private final PeerClientSettings settings;
  private final Map<PeerAddress, Deque<Idle>> idle = new HashMap<>();

  ConnectionPool(EventLoop loop, Connector connector, PeerClientSettings settings) {
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
  }

  EventLoop loop() {
    return loop;
  }

  /** Runs an exchange on the connection that was used last, or on a new one. */
  void run(PeerExchange exchange) {
    PeerConnection connection = take(exchange.peer());
    if (connection == null) {
      runAnew(exchange);
    } else {
      connection.start(exchange);
    }
  }

  /** Runs an exchange on a new connection. */
  void runAnew(PeerExchange exchange) {
    connector.connect(this, exchange);
  }

  /** Takes a connection back that can serve again. */
  void keep(PeerConnection connection) {
    Deque<Idle> kept = idle.computeIfAbsent(connection.peer(), _ -> new ArrayDeque<>());
    if (!connection.isOpen() || kept.size() >= settings.maxIdlePerPeer()) {
      connection.close();
      return;
    }
    Future<?> end =
        loop.schedule(connection::close, settings.idle().toMillis(), TimeUnit.MILLISECONDS);
    kept.addFirst(new Idle(connection, end));
  }

  /** A connection has ended. */
  void forget(PeerConnection connection) {
    Deque<Idle> kept = idle.getOrDefault(connection.peer(), new ArrayDeque<>());
    // The end that is still scheduled closes what is closed already.
    kept.removeIf(one -> one.connection() == connection);
    if (kept.isEmpty()) {
      idle.remove(connection.peer());
    }
  }

  /** Closes those that wait: the certificates of their handshakes are out of date. */
  void closeIdle() {
    List<Idle> left = idle.values().stream().flatMap(Deque::stream).toList();
    idle.clear();
    left.forEach(one -> one.connection().close());
  }

  private @Nullable PeerConnection take(PeerAddress peer) {
    Deque<Idle> kept = idle.get(peer);
    Idle newest = kept == null ? null : kept.poll();
    if (newest == null) {
      return null;
    }
    boolean _ = newest.end().cancel(false);
    return newest.connection();
  }

  private record Idle(PeerConnection connection, Future<?> end) {}
}
