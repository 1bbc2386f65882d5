package io.flocker.http.tls;

import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.pki.ClusterAuthority;
import io.netty.channel.Channel;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections whose handshake has succeeded, each with who is at its other end. Any thread. */
final class OpenConnections {
  private final Set<Open> all = ConcurrentHashMap.newKeySet();

  /** Counts a connection until it is closed. */
  void add(Channel channel, X509Certificate peer) {
    Open open = new Open(channel, peer);
    boolean _ = all.add(open);
    channel.closeFuture().addListener(_ -> all.remove(open));
  }

  /** Closes those whose certificate is not in force any more, whatever they are at. */
  void endUntrusted(ClusterAuthority authority, Instant now) {
    Map<X509Certificate, Integer> ended = new HashMap<>();
    for (Open open : all) {
      if (authority.objection(open.peer(), now).isPresent()) {
        var _ = open.channel().close();
        var _ = ended.merge(open.peer(), 1, Integer::sum);
      }
    }
    ended.forEach((peer, count) ->
        Action.message(
            MessageType.CERTIFICATE_CUT_OFF,
            Map.of(
                "holder", peer.getSubjectX500Principal().getName(),
                "serial", peer.getSerialNumber().toString(16),
                "reason", authority.objection(peer, now).orElse("expired"),
                "connections", count)));
  }

  private record Open(Channel channel, X509Certificate peer) {}
}
