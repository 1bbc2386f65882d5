package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationView;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Certificates that change under running daemons. Needs neither root nor ZFS. */
@Timeout(300)
class ReloadIT {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir private Path folder;

  @Test
  @DisplayName("A08 HUP exchanges certificates and authority on both sides and cuts no transfer")
  void takesUpAnotherAuthorityBesideARunningTransfer() throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, 64 * MEBIBYTE, 6 * MEBIBYTE, 0, "")) {
      VolumeDocument volume = nodes.sender().create("default.reloaded");
      OperationView push = nodes.sender().client().push(volume.id(), nodes.receiver().id());
      Await.until(
          "bytes on the way",
          () -> nodes.sender().client().operation(push.id(), Duration.ZERO).bytes() > 0);
      TestCluster fresh = TestCluster.create(Files.createDirectory(folder.resolve("fresh")));
      Credentials tester = fresh.user("tester");
      CertifiedCaller user = new CertifiedCaller(tester);

      for (TestNode node : List.of(nodes.sender(), nodes.receiver())) {
        BigInteger serial = replace(node, fresh);
        node.daemon().hangUp();
        assertEquals(serial, shown(node, tester));
      }

      String operation = "/v1/operations/" + push.id();
      assertEquals(
          "running", user.get(nodes.sender(), operation).succeed().path("state").asString());
      Await.until(
          "the end of the push",
          () ->
              !user.get(nodes.sender(), operation + "?wait=20s")
                  .succeed()
                  .path("state")
                  .asString()
                  .equals("running"));
      assertEquals(
          "succeeded", user.get(nodes.sender(), operation).succeed().path("state").asString());
      String dryRun = "/v1/volumes/" + volume.id() + "/push?dry-run=true";
      Map<String, String> body = Map.of("peer", nodes.receiver().id().toString());
      user.post(nodes.sender(), dryRun, body).succeed(); // Asks the peer, over new connections.
    }
  }

  @Test
  @DisplayName("a certificate that cannot be used is told of, and the old one stays; by itself too")
  void keepsWhatItHasWhereTheNewOneIsBroken() throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, MEBIBYTE, MEBIBYTE, 0, "")) {
      TestNode node = nodes.sender();
      TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("other")));
      Credentials user = node.clientCredentials();
      BigInteger before = shown(node, user);

      Files.writeString(certificates(node).resolve("node.crt"), "half a certif");
      node.daemon().hangUp();

      assertEquals(before, shown(node, user));
      List<String> warnings = warnings(node);
      assertEquals(1, warnings.size());
      assertTrue(warnings.getFirst().contains("node.crt"), warnings.getFirst());
      node.awaitLogged("flocker:certificate:refused");

      BigInteger renewed = replace(node, cluster);
      Credentials tester = cluster.user("tester");
      Await.until( // Nobody tells it: it looks now and then.
          "the certificate that is right again",
          () -> {
            try {
              return shown(node, tester).equals(renewed);
            } catch (IOException _) {
              return false;
            }
          });
      JsonNode now = new CertifiedCaller(tester).get(node, "/v1/node").succeed();
      assertEquals(0, now.path("warnings").size());
    }
  }

  @Test
  @DisplayName("who is on the list of revoked certificates is put out of running daemons")
  void putsOutWhomTheListNames() throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, MEBIBYTE, MEBIBYTE, 0, "")) {
      TestNode node = nodes.sender();
      TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("ours")));
      replace(node, cluster);
      node.daemon().hangUp();
      Credentials lost = cluster.user("lost");
      Credentials kept = cluster.user("kept");
      try (SSLSocket open = connect(node, lost)) {
        letIn(open);
        cluster.revoke(lost, Instant.now());
        Files.copy(
            cluster.authorityFile().resolveSibling("cluster.crl"),
            certificates(node).resolve("cluster.crl"));
        node.daemon().hangUp();

        assertEquals(-1, open.getInputStream().read());
      }
      assertThrows(IOException.class, () -> new CertifiedCaller(lost).get(node, "/v1/node"));
      new CertifiedCaller(kept).get(node, "/v1/node").succeed();
      node.awaitLogged("flocker:certificate:cut-off");
    }
  }

  /** Its end of the handshake comes after the client's: what it answers says that it has come. */
  private static void letIn(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("HEAD /v1/version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = socket.getInputStream().read();
      assertNotEquals(-1, read, head::toString);
      head.append((char) read);
    }
  }

  private static SSLSocket connect(TestNode node, Credentials caller) throws IOException {
    SSLSocket socket =
        (SSLSocket) caller.sslContext().getSocketFactory().createSocket("127.0.0.1", node.port());
    socket.startHandshake();
    return socket;
  }

  private static List<String> warnings(TestNode node) throws Exception {
    return node.client().node().warnings().stream().map(warning -> warning.detail()).toList();
  }

  private static Path certificates(TestNode node) {
    return node.file("certificates");
  }

  /** Puts a certificate of that authority, and the authority, where the node's are. */
  private static BigInteger replace(TestNode node, TestCluster cluster) throws Exception {
    Credentials issued = cluster.node(node.id());
    CredentialFiles files = cluster.files(node.id().toString());
    Map<Path, String> targets =
        Map.of(
            cluster.authorityFile(), "cluster.crt",
            files.certificate(), "node.crt",
            files.key(), "node.key");
    for (Map.Entry<Path, String> file : targets.entrySet()) {
      var _ =
          Files.copy(
              file.getKey(),
              certificates(node).resolve(file.getValue()),
              StandardCopyOption.REPLACE_EXISTING);
    }
    return issued.certificate().getSerialNumber();
  }

  /** The serial number of the certificate that a new connection is shown. */
  private static BigInteger shown(TestNode node, Credentials caller) throws IOException {
    try (SSLSocket socket = connect(node, caller)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }
}
