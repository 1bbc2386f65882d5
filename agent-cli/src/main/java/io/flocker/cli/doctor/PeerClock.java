package io.flocker.cli.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.flocker.core.id.Address;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TlsPolicy;
import io.flocker.http.client.BoundedLines;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * What a peer's answer says of its clock: the header {@code Date}, which every answer has, also a
 * refusal (RFC 9110, section 6.6.1).
 *
 * @param ahead how much later it is there, to the second; negative where it is earlier
 */
record PeerClock(Duration ahead) {
  private static final String DATE = "date:";
  private static final int PATIENCE_MILLIS = 5_000;

  /** More than any head that a node answers with. */
  private static final int MOST_LINES = 100;

  private static final int MOST_CHARACTERS = 8_192;

  /**
   * Asks whoever listens there.
   *
   * @param peer who it has to be
   * @throws IOException why there is no answer, in words that fit after a colon
   */
  static PeerClock ask(Credentials own, Principal.Node peer, Address address) throws IOException {
    try (Socket plain = new Socket()) {
      InetSocketAddress place = new InetSocketAddress(address.host(), address.port());
      if (place.isUnresolved()) {
        throw new UnknownHostException("no address is known for " + address.host());
      }
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.connect(place, PATIENCE_MILLIS);
      try (SSLSocket socket =
          (SSLSocket)
              own.sslContext()
                  .getSocketFactory()
                  .createSocket(plain, peer.name(), address.port(), true)) {
        socket.setSSLParameters(TlsPolicy.client()); // Each node's certificate bears its own name.
        return ask(socket, address);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer within " + PATIENCE_MILLIS / 1_000 + " s", e);
    } catch (SSLException e) {
      throw new IOException("TLS fails, " + e.getMessage(), e);
    }
  }

  private static PeerClock ask(SSLSocket socket, Address address) throws IOException {
    String request =
        "HEAD /v1/version HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(address);
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    socket.getOutputStream().flush();
    BoundedLines head =
        new BoundedLines(new InputStreamReader(socket.getInputStream(), US_ASCII), MOST_CHARACTERS);
    for (int line = 0; line < MOST_LINES; line++) {
      String read = head.next().orElse("");
      if (read.isEmpty()) {
        break;
      }
      if (read.regionMatches(true, 0, DATE, 0, DATE.length())) {
        return new PeerClock(ahead(read.substring(DATE.length()).strip(), Instant.now()));
      }
    }
    throw new IOException("what answers is no flockerd: it tells no date");
  }

  /** The header tells whole seconds, of which half a one is gone on average. */
  static Duration ahead(String date, Instant now) throws IOException {
    try {
      Instant there = ZonedDateTime.parse(date, RFC_1123_DATE_TIME).toInstant();
      return Duration.between(now.minusMillis(500), there);
    } catch (DateTimeException e) {
      throw new IOException("what answers is no flockerd: its date is '" + date + "'", e);
    }
  }
}
