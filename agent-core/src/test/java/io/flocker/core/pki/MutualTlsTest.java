package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {
  private static final String ADDRESS = "127.0.0.1";

  @TempDir Path folder;

  private TestCluster cluster;
  private Credentials node;

  @BeforeEach
  void makeCluster() throws Exception {
    cluster = TestCluster.create(folder);
    node = cluster.node(NodeId.random());
  }

  @Test
  @DisplayName("138 same CA, right role: accepted both ways")
  void peerOfTheClusterIsAccepted() throws Exception {
    acceptEachOther(node, cluster.node(NodeId.random()));
  }

  static void acceptEachOther(Credentials server, Credentials client) throws Exception {
    Handshake.Result result = Handshake.between(server, client, ADDRESS);
    Handshake.End.Accepted atServer = accepted(result.server());
    assertEquals(client.principal(), atServer.peer().client().orElseThrow());
    assertEquals(server.principal(), accepted(result.client()).peer().server().orElseThrow());
    assertEquals("TLSv1.3", atServer.protocol());
  }

  @Test
  @DisplayName("138 other CA: rejected by the server")
  void clientOfAnotherClusterIsRejected() throws Exception {
    Credentials stranger = strangers().issueUser("alice");
    Credentials impostor =
        new Credentials(
            stranger.principal(), List.of(stranger.chain()), stranger.key(), node.authority());
    Handshake.Result result = Handshake.between(node, impostor, ADDRESS);
    assertInstanceOf(Handshake.End.Refused.class, result.server());
  }

  @Test
  @DisplayName("138 other CA: rejected by the client")
  void serverOfAnotherClusterIsRejected() throws Exception {
    Credentials stranger = strangers().issueNode(NodeId.random(), List.of(ADDRESS));
    Handshake.Result result = Handshake.between(stranger, cluster.user("alice"), ADDRESS);
    assertInstanceOf(Handshake.End.Refused.class, result.client());
  }

  @Test
  @DisplayName("138 same CA, wrong role: a user is no server")
  void userIsNoServer() throws Exception {
    Credentials user = cluster.user("alice");
    Handshake.Result result = Handshake.between(user, node, ADDRESS);
    assertInstanceOf(Handshake.End.Refused.class, result.client());
  }

  @Test
  @DisplayName("138 same CA, wrong role: who calls is told apart")
  void rolesAreToldApart() throws Exception {
    List<Credentials> callers =
        List.of(
            cluster.user("alice"),
            cluster.local(NodeId.random()),
            cluster.node(NodeId.random()),
            cluster.authority().issueControlService("localhost"));
    for (Credentials caller : callers) {
      Handshake.End.Accepted end = accepted(Handshake.between(node, caller, ADDRESS).server());
      assertEquals(caller.principal(), end.peer().client().orElseThrow());
    }
  }

  @Test
  @DisplayName("138 corrupted signature: rejected")
  void corruptedSignatureIsRejected() throws Exception {
    Credentials user = cluster.user("alice");
    X509Certificate corrupted = withLastByteChanged(user.certificate());
    Credentials forged =
        new Credentials(user.principal(), List.of(corrupted), user.key(), user.authority());
    assertInstanceOf(Handshake.End.Accepted.class, Handshake.between(node, user, ADDRESS).server());
    assertInstanceOf(
        Handshake.End.Refused.class, Handshake.between(node, forged, ADDRESS).server());
  }

  @Test
  @DisplayName("138 a server at an address that is not in its certificate: rejected")
  void serverAtAnotherAddressIsRejected() throws Exception {
    Credentials elsewhere = cluster.node(NodeId.random(), "10.9.8.7");
    Handshake.Result result = Handshake.between(elsewhere, cluster.user("alice"), ADDRESS);
    assertInstanceOf(Handshake.End.Refused.class, result.client());
  }

  @Test
  @DisplayName("138 third-party client by hostname: works")
  void thirdPartyFindsTheHostName() throws Exception {
    cluster.user("alice");
    Credentials control = cluster.authority().issueControlService("control.example.org");
    Answered answered = answer(control, "-verify_hostname", "control.example.org");
    assertEquals(0, answered.openssl().status(), answered.openssl().text());
    assertInstanceOf(Handshake.End.Accepted.class, answered.server());
    Answered other = answer(control, "-verify_hostname", "other.example.org");
    assertNotEquals(0, other.openssl().status(), other.openssl().text());
  }

  @Test
  @DisplayName("140 TLS 1.1 offered: refused")
  void oldTlsIsRefused() throws Exception {
    cluster.user("alice");
    Answered answered = answer(node, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0");
    assertTrue(answered.openssl().text().contains("alert protocol version"));
    assertInstanceOf(Handshake.End.Refused.class, answered.server());
    assertEquals(List.of("TLSv1.3", "TLSv1.2"), List.of(TlsPolicy.server().getProtocols()));
    assertEquals(List.of("TLSv1.3", "TLSv1.2"), List.of(TlsPolicy.client().getProtocols()));
  }

  @Test
  @DisplayName("140 TLS 1.2 with ECDHE and AEAD: accepted; without: refused")
  void tls12NeedsForwardSecrecyAndAead() throws Exception {
    cluster.user("alice");
    Answered good = answer(node, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256");
    assertInstanceOf(Handshake.End.Accepted.class, good.server());
    Answered old = answer(node, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0");
    assertInstanceOf(Handshake.End.Refused.class, old.server());
  }

  @Test
  @DisplayName("140 plaintext: refused")
  void plaintextIsRefused() throws Exception {
    try (SSLServerSocket listener = Handshake.listen(node);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Handshake.End> end = threads.submit(() -> Handshake.accept(listener));
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
        plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertInstanceOf(Handshake.End.Refused.class, end.get(30, TimeUnit.SECONDS));
      }
    }
  }

  /** What both ends said when openssl, as the user alice, connected to a server. */
  private record Answered(Handshake.End server, OpenSsl.Answer openssl) {}

  private Answered answer(Credentials server, String... options) throws Exception {
    try (SSLServerSocket listener = Handshake.listen(server);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Handshake.End> end = threads.submit(() -> Handshake.accept(listener));
      List<String> connect =
          List.of(
              "s_client",
              "-connect",
              ADDRESS + ":" + listener.getLocalPort(),
              "-quiet",
              "-verify_return_error",
              "-CAfile",
              "cluster.crt",
              "-cert",
              "alice.crt",
              "-key",
              "alice.key");
      List<String> arguments = Stream.concat(connect.stream(), Stream.of(options)).toList();
      OpenSsl.Answer openssl = OpenSsl.run(folder, new byte[] {1}, arguments);
      return new Answered(end.get(30, TimeUnit.SECONDS), openssl);
    }
  }

  private CertificateAuthority strangers() throws Exception {
    return TestCluster.create(Files.createDirectory(folder.resolve("strangers"))).authority();
  }

  private static Handshake.End.Accepted accepted(Handshake.End end) {
    return assertInstanceOf(Handshake.End.Accepted.class, end);
  }

  /** The last byte of a certificate belongs to its signature. */
  private static X509Certificate withLastByteChanged(X509Certificate certificate) throws Exception {
    byte[] der = certificate.getEncoded();
    der[der.length - 1] ^= 1;
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
