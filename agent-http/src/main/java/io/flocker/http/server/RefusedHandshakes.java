package io.flocker.http.server;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.netty.channel.Channel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;

/** Counts the connections that ended before their callers were let in, and logs some of them. */
final class RefusedHandshakes {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final LongAdder count = new LongAdder();
  private final LogThrottle throttle = new LogThrottle(INTERVAL, System::nanoTime);

  /** How many there were. */
  long count() {
    return count.sum();
  }

  /** One ended because its handshake did not succeed. */
  void add(Channel channel, Throwable cause) {
    add(channel, AlertLinger.isAbandoned(channel) ? "it made way for others" : words(cause));
  }

  /** One was refused. */
  void add(Channel channel, String reason) {
    count.increment();
    OptionalLong leftOut = throttle.admit(PendingHandshakes.address(channel.remoteAddress()));
    if (leftOut.isPresent()) {
      Action.message(
          MessageType.HTTP_REFUSED,
          Map.of(
              "peer",
              String.valueOf(channel.remoteAddress()),
              "reason",
              reason,
              "unlogged",
              leftOut.getAsLong()));
    }
  }

  private static String words(Throwable cause) {
    return switch (cause) {
      case SslHandshakeTimeoutException _ -> "its TLS handshake does not come to an end";
      case NotSslRecordException _ -> "it speaks no TLS";
      case ClosedChannelException _ -> "it was closed before its handshake had ended";
      case SSLException e when e.getMessage() != null -> String.valueOf(e.getMessage());
      case IOException _ -> "its network failed";
      default -> "its handshake failed";
    };
  }
}
