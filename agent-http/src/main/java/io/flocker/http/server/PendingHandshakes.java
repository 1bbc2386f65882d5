package io.flocker.http.server;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connections whose callers are not known yet. Anybody may begin one, so they are bounded apart
 * from those of callers who have shown a certificate. Beyond a bound the address with the most of
 * them loses its oldest one; of several such addresses, the one whose oldest has waited longest.
 * Whoever has a certificate is done within milliseconds, and never the oldest for long. Any thread
 * may call.
 */
final class PendingHandshakes {
  /** What one IPv6 customer is given (RFC 6177): all of it is one address here. */
  private static final int IPV6_PREFIX_BYTES = 8;

  private static final int IPV6_BYTES = 16;

  private final int most;
  private final int mostOfAddress;
  private final Map<String, Deque<Pending>> byAddress = new HashMap<>();
  private int count;
  private long begun;

  private record Pending(Channel channel, long order) {}

  /**
   * None yet.
   *
   * @param most at once
   * @param mostOfAddress at once from one address
   */
  PendingHandshakes(int most, int mostOfAddress) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
  }

  /** A connection was accepted; may close another one. */
  void begin(Channel channel) {
    String address = address(channel.remoteAddress());
    Channel evicted = add(address, channel);
    channel.closeFuture().addListener(_ -> remove(address, channel));
    if (evicted != null) {
      AlertLinger.abandon(evicted);
    }
  }

  /** The caller is known, whatever becomes of the connection. */
  void end(Channel channel) {
    remove(address(channel.remoteAddress()), channel);
  }

  /** How many there are. */
  synchronized int count() {
    return count;
  }

  /** Closes all of them. */
  void close() {
    all().forEach(AlertLinger::abandon);
  }

  private synchronized List<Channel> all() {
    return byAddress.values().stream().flatMap(Deque::stream).map(Pending::channel).toList();
  }

  private synchronized @Nullable Channel add(String address, Channel channel) {
    Deque<Pending> own = byAddress.computeIfAbsent(address, _ -> new ArrayDeque<>());
    Pending evicted = null;
    if (own.size() >= mostOfAddress) {
      evicted = own.removeFirst();
    } else if (count >= most) {
      evicted = largest().removeFirst();
    } else {
      count++;
    }
    own.addLast(new Pending(channel, begun++));
    byAddress.values().removeIf(Deque::isEmpty);
    return evicted == null ? null : evicted.channel();
  }

  private Deque<Pending> largest() {
    return byAddress.values().stream()
        .filter(pending -> !pending.isEmpty())
        .max(
            Comparator.<Deque<Pending>>comparingInt(Deque::size)
                .thenComparing(pending -> pending.getFirst().order(), Comparator.reverseOrder()))
        .orElseThrow();
  }

  private synchronized void remove(String address, Channel channel) {
    Deque<Pending> own = byAddress.get(address);
    if (own != null && own.removeIf(pending -> pending.channel().equals(channel))) {
      count--;
      if (own.isEmpty()) {
        byAddress.remove(address);
      }
    }
  }

  /** The address that counts as one: of IPv6 the prefix that one customer has. */
  static String address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet && inet.getAddress() != null
        ? prefix(inet.getAddress())
        : Objects.toString(remote); // One that has gone already has none.
  }

  private static String prefix(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPV6_BYTES
        ? Arrays.toString(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES))
        : address.getHostAddress();
  }
}
