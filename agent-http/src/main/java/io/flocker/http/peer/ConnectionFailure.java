package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Why there is no connection to a peer, or no longer, in words that tell an operator on which node
 * to look and for what: Netty, the JDK and BoringSSL have others, and each its own, for the same.
 */
final class ConnectionFailure {
  /** {@code SSLV3_ALERT_BAD_CERTIFICATE}, or {@code Received fatal alert: bad_certificate}. */
  private static final Pattern ALERT =
      Pattern.compile("(?:(?:TLS|SSL)V[0-9]+_ALERT_|Received fatal alert: )([A-Za-z0-9_]+)");

  private ConnectionFailure() {}

  /** No connection came about, or no handshake. */
  static FailureException unreachable(PeerAddress peer, Throwable cause) {
    return ofCertificates(peer, cause)
        .orElseGet(() ->
            TransferFailure.PEER_UNREACHABLE.because(
                "Node %s at %s cannot be reached: %s."
                    .formatted(peer.node(), peer.place(), words(cause))))
        .causedBy(cause);
  }

  /** The connection ended while an answer was awaited. */
  static FailureException lost(PeerAddress peer, Throwable cause) {
    return ofCertificates(peer, cause)
        .orElseGet(() ->
            TransferFailure.PEER_UNREACHABLE.because(
                "The connection to node %s at %s was lost before its answer: %s."
                    .formatted(peer.node(), peer.place(), words(cause))))
        .causedBy(cause);
  }

  /** Another one than was meant answers. */
  static FailureException otherIdentity(PeerAddress peer, String reason) {
    return TransferFailure.PEER_IDENTITY.because(
        "What answers at %s is not node %s: %s.".formatted(peer.place(), peer.node(), reason));
  }

  private static Optional<FailureException> ofCertificates(PeerAddress peer, Throwable cause) {
    boolean isOfTime =
        has(cause, CertificateExpiredException.class)
            || has(cause, CertificateNotYetValidException.class);
    if (isOfTime) {
      return Optional.of(
          TransferFailure.CERTIFICATE_NOT_IN_FORCE.because(
              "The certificate of node %s at %s is not in force at this node's time, %s."
                  .formatted(peer.node(), peer.place(), now())));
    }
    Optional<String> distrust =
        chain(cause)
            .filter(CertificateException.class::isInstance)
            .map(link -> String.valueOf(link.getMessage()))
            .findFirst();
    return distrust
        .map(reason -> otherIdentity(peer, reason))
        .or(() -> alert(cause).flatMap(alert -> refused(peer, alert)));
  }

  /** What the peer's alert says of our certificate; empty if it is about something else. */
  private static Optional<FailureException> refused(PeerAddress peer, String alert) {
    return switch (alert) {
      case "certificate_expired" ->
          Optional.of(
              TransferFailure.CERTIFICATE_NOT_IN_FORCE.because(
                  "This node's certificate is not in force at the time of node %s at %s; here it is %s."
                      .formatted(peer.node(), peer.place(), now())));
      case "bad_certificate",
          "certificate_unknown",
          "unknown_ca",
          "certificate_revoked",
          "unsupported_certificate",
          "certificate_required",
          "access_denied" ->
          Optional.of(
              TransferFailure.CERTIFICATE_REFUSED.because(
                  "Node %s at %s does not accept this node's certificate (TLS alert %s)."
                      .formatted(peer.node(), peer.place(), alert)));
      default -> Optional.empty();
    };
  }

  private static String words(Throwable cause) {
    Optional<String> alert = alert(cause);
    if (alert.isPresent()) {
      return "it ended TLS with the alert " + alert.get();
    }
    return chain(cause)
        .flatMap(link -> known(link).stream())
        .findFirst()
        .orElse("the network failed");
  }

  private static Optional<String> known(Throwable link) {
    return Optional.ofNullable(
        switch (link) {
          case UnknownHostException _ -> "nobody knows its host name here";
          case ConnectTimeoutException _ ->
              "nothing answers there; a firewall may drop what is sent";
          case NoRouteToHostException _ -> "there is no route to it";
          case SslHandshakeTimeoutException _ -> "its TLS handshake does not come to an end";
          case NotSslRecordException _ -> "what answers there speaks no TLS";
          case ConnectException e when says(e, "refused") -> "nobody listens there";
          case ClosedChannelException _ ->
              "it was closed without a word; its daemon may have ended, or turn callers away";
          case SSLException e when says(e, "closed") -> "it was closed without a word";
          case Exception e when says(e, "reset") || says(e, "broken pipe") ->
              "it was cut; the link may be down, or the peer's daemon ended";
          case Exception e when says(e, "unreachable") -> "there is no route to it";
          case Exception e when says(e, "timed out") -> "its machine no longer answers";
          default -> null;
        });
  }

  private static boolean says(Throwable link, String word) {
    return String.valueOf(link.getMessage()).toLowerCase(Locale.ROOT).contains(word);
  }

  private static Optional<String> alert(Throwable cause) {
    return chain(cause)
        .flatMap(link -> ALERT.matcher(String.valueOf(link.getMessage())).results())
        .map(found -> found.group(1).toLowerCase(Locale.ROOT))
        .findFirst();
  }

  private static boolean has(Throwable cause, Class<? extends Throwable> kind) {
    return chain(cause).anyMatch(kind::isInstance);
  }

  private static Stream<Throwable> chain(Throwable cause) {
    return Stream.iterate(cause, link -> link != null, Throwable::getCause);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }
}
