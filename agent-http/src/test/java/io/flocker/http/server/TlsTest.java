package io.flocker.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.RawConnection;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServerSettings.Deadlines;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.flocker.http.tls.TlsVersion;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final byte ALERT = 21; // RFC 8446, section 5.1: ContentType
  private static final byte HANDSHAKE = 22; // ibidem
  private static final byte PROTOCOL_VERSION = 70; // RFC 8446, section 6: AlertDescription
  private static final int CLIENT_HELLO = 1; // RFC 8446, section 4: HandshakeType

  private static final List<Route> ROUTES =
      List.of(Routes.get("/v1/x", _ -> JsonResponse.ok(Map.of("said", "x"))));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  @DisplayName("A03 TLS 1.2 and 1.3 pass")
  void servesBothVersions(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      Credentials alice = server.cluster().user("alice");
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        try (RawConnection user = open(alice, server, version)) {
          assertEquals(200, user.request("GET", "/v1/x").response().status());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void canDemandTheNewestVersion(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_3)) {
      Credentials alice = server.cluster().user("alice");
      assertThrows(IOException.class, () -> open(alice, server, "TLSv1.2"));
      try (RawConnection user = open(alice, server, "TLSv1.3")) {
        assertEquals(200, user.request("GET", "/v1/x").response().status());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A01 no client certificate: refused")
  void refusesACallerWithoutCertificate(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      assertThrows(IOException.class, () -> ask(server));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A02 certificate of another authority: refused")
  void refusesAnotherAuthority(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      Credentials mallory =
          CertificateAuthority.create("other", KeyAlgorithm.EC).issueUser("mallory");

      assertThrows(IOException.class, () -> ask(server, mallory.keyManager()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhyItTrustsNoCertificate(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      Credentials stranger =
          CertificateAuthority.create("other", KeyAlgorithm.EC).issueUser("mallory");
      Credentials early = server.cluster().userOfOneDay("early", Duration.ofDays(-2));

      assertAlert("unknown_ca|certificate_unknown", server, stranger);
      assertAlert("certificate_expired|certificate_unknown", server, early);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void resumesNoSessionOfACertificateThatHasExpired(String version) throws Exception {
    try (TestServer server = start(TlsEngine.AUTO, TlsVersion.TLS_1_2)) {
      Credentials ending =
          server.cluster().userOfOneDay("ending", Duration.ofDays(1).minusSeconds(10));
      Instant end = ending.certificate().getNotAfter().toInstant();
      SSLContext context = ending.sslContext();
      ask(context, server, version);

      // Time itself is what is awaited.
      Thread.sleep(Duration.between(Instant.now(), end.plusSeconds(1)));

      assertThrows(IOException.class, () -> ask(context, server, version));
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsTheConnectionsOfWhomTheAuthorityHasRevoked(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      Credentials lost = server.cluster().user("lost");
      try (RawConnection kept = server.connect(server.cluster().user("kept"));
          RawConnection idle = server.connect(lost);
          RawConnection busy = server.connect(lost).send("GET /v1/x HTTP/1.1\r\nHo")) {
        assertEquals(200, kept.request("GET", "/v1/x").response().status());
        assertEquals(200, idle.request("GET", "/v1/x").response().status());
        server.cluster().revoke(lost, Instant.now());

        server.tls().use(server.credentials());

        assertTrue(idle.isEnded());
        assertTrue(busy.isEnded());
        assertEquals(200, kept.request("GET", "/v1/x").response().status());
      }
      assertAlert("certificate_revoked|certificate_unknown", server, lost);
    }
  }

  @Test
  void resumesNoSessionOfACertificateThatWasRevoked() throws Exception {
    try (TestServer server = start(TlsEngine.AUTO, TlsVersion.TLS_1_2)) {
      Credentials lost = server.cluster().user("lost");
      SSLContext context = lost.sslContext();
      ask(context, server);
      server.cluster().revoke(lost, Instant.now());
      server.tls().use(server.credentials());

      assertThrows(IOException.class, () -> ask(context, server));
    }
  }

  @Test
  void endsTheConnectionOfACertificateThatExpires() throws Exception {
    try (TestServer server = start(TlsEngine.AUTO, TlsVersion.TLS_1_2)) {
      Credentials ending =
          server.cluster().userOfOneDay("ending", Duration.ofDays(1).minusSeconds(10));
      try (RawConnection user = server.connect(ending)) {
        assertEquals(200, user.request("GET", "/v1/x").response().status());
        server.tls().endUntrusted();
        assertEquals(200, user.request("GET", "/v1/x").response().status());
        Instant end = ending.certificate().getNotAfter().toInstant();

        // Time itself is what is awaited.
        Thread.sleep(Duration.between(Instant.now(), end.plusSeconds(1)));
        server.tls().endUntrusted();

        assertTrue(user.isEnded());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A03 TLS 1.1: refused")
  void refusesTls11(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      byte[] answer = answerTo(server, clientHelloOfTls11());

      assertEquals(ALERT, answer[0]);
      assertEquals(PROTOCOL_VERSION, answer[6]);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("A03 cleartext: refused")
  void refusesCleartext(TlsEngine engine) throws Exception {
    try (TestServer server = start(engine, TlsVersion.TLS_1_2)) {
      byte[] request = "GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
      byte[] answer = answerTo(server, request);

      assertFalse(new String(answer, ISO_8859_1).contains("HTTP"));
    }
  }

  @Test
  @DisplayName("A09 a handshake that does not go on ends at its deadline")
  void endsAHandshakeThatDoesNotGoOn() throws Exception {
    Deadlines usual = Deadlines.usual();
    Deadlines impatient =
        new Deadlines(
            Duration.ofMillis(100),
            usual.head(),
            usual.body(),
            usual.idle(),
            usual.drain(),
            usual.silence());
    try (TestServer server =
        TestServer.start(
            folder, TlsSettings.defaults(), settings -> settings.with(impatient), ROUTES)) {
      assertEquals(0, answerTo(server, new byte[] {HANDSHAKE}).length);
    }
  }

  private TestServer start(TlsEngine engine, TlsVersion minimum) throws Exception {
    TlsSettings settings = new TlsSettings(engine, minimum, TlsSettings.defaults().handshake());
    return TestServer.start(folder, settings, UnaryOperator.identity(), ROUTES);
  }

  private static RawConnection open(Credentials credentials, TestServer server, String version)
      throws IOException {
    return RawConnection.open(credentials, server.server().address(), version);
  }

  private static void assertAlert(String alert, TestServer server, Credentials caller)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {caller.keyManager()}, new TrustManager[] {new Gullible()}, null);
    String said =
        String.valueOf(assertThrows(IOException.class, () -> ask(context, server)).getMessage());
    assertTrue(said.matches("(?s).*Received fatal alert: (" + alert + ")"), said);
  }

  /** Asks in TLS 1.2, where the JDK comes back with the session that it has. */
  private static void ask(SSLContext context, TestServer server) throws IOException {
    ask(context, server, "TLSv1.2");
  }

  private static void ask(SSLContext context, TestServer server, String version)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket("127.0.0.1", server.address().place().port())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.getOutputStream().write("GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
      if (socket.getInputStream().read() < 0) {
        throw new EOFException("refused without an alert");
      }
    }
  }

  /** Asks as somebody who trusts every server; in TLS 1.3 a refusal comes after the handshake. */
  private static void ask(TestServer server, KeyManager... keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Gullible()}, null);
    try (Socket socket =
        context.getSocketFactory().createSocket("127.0.0.1", server.address().place().port())) {
      socket.getOutputStream().write("GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
      if (socket.getInputStream().read() < 0) {
        throw new EOFException("refused without an alert");
      }
    }
  }

  /** All that the server says to bytes on a bare socket. */
  private static byte[] answerTo(TestServer server, byte[] bytes) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.address().place().port())) {
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readAllBytes();
    }
  }

  /** RFC 4346, section 7.4.1.2, with one suite that BoringSSL still knows. */
  private static byte[] clientHelloOfTls11() {
    byte[] random = new byte[32];
    byte[] suite = {(byte) 0xc0, 0x09}; // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    ByteBuffer hello = ByteBuffer.allocate(2 + random.length + 1 + 2 + suite.length + 2);
    hello.put((byte) 3).put((byte) 2).put(random).put((byte) 0);
    hello.putShort((short) suite.length).put(suite).put((byte) 1).put((byte) 0);
    ByteBuffer record = ByteBuffer.allocate(5 + 4 + hello.capacity());
    record.put(HANDSHAKE).put((byte) 3).put((byte) 1).putShort((short) (4 + hello.capacity()));
    record.putInt(CLIENT_HELLO << 24 | hello.capacity()).put(hello.array());
    return record.array();
  }

  /** Trusts everybody. */
  private static final class Gullible extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
