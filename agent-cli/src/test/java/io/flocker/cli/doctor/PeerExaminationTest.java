package io.flocker.cli.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.core.pki.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerExaminationTest {
  private static final NodeId SELF = NodeId.random();
  private static final NodeId PEER = NodeId.random();

  @TempDir private Path folder;

  private final CertificateAuthority authority =
      CertificateAuthority.create("test", KeyAlgorithm.EC);

  @Test
  void aNodeAloneIsToldHowToGetPeers() throws Exception {
    prepare();

    assertEquals(Verdict.OK, examine().getFirst().verdict());
    assertTrue(examine().getFirst().text().contains("flocker peer add"));
  }

  @Test
  void aNodeThatHasForgottenItsPeersFailsUntilSomebodySaysWhoTheyAre() throws Exception {
    prepare();
    PeerBook.forget(folder);

    Finding finding = examine().getFirst();
    assertEquals(Verdict.FAILURE, finding.verdict());
    assertTrue(finding.text().contains("flocker peer add"), finding::text);
  }

  @Test
  void aPeerThatAnswersHasItsClockCompared() throws Exception {
    prepare();
    try (Answering peer = new Answering(authority.issueNode(PEER, List.of()), Duration.ZERO)) {
      learn(peer.port());
      Finding finding = examine().getFirst();
      assertEquals(Verdict.OK, finding.verdict(), finding::text);
    }
    try (Answering late =
        new Answering(authority.issueNode(PEER, List.of()), Duration.ofDays(-1))) {
      learn(late.port());
      Finding finding = examine().getFirst();
      assertEquals(Verdict.FAILURE, finding.verdict(), finding::text);
      assertTrue(finding.text().contains("s behind"), finding::text);
    }
  }

  @Test
  void whoIsAnotherThanThePeerIsNotTakenForIt() throws Exception {
    prepare();
    try (Answering other =
        new Answering(authority.issueNode(NodeId.random(), List.of()), Duration.ZERO)) {
      learn(other.port());
      Finding finding = examine().getFirst();
      assertEquals(Verdict.WARNING, finding.verdict());
      assertTrue(finding.text().contains("TLS fails"), finding::text);
    }
  }

  @Test
  void everySentenceCallsAPeerByItsName() throws Exception {
    prepare();
    Address nowhere = new Address("127.0.0.1", 1);
    PeerBook.open(folder, SELF, _ -> {}).put(peer(nowhere));

    Stream<Finding> all =
        Stream.of(
            examine().getFirst(),
            PeerExamination.compare(peer(nowhere), nowhere, Duration.ZERO),
            PeerExamination.compare(peer(nowhere), nowhere, Duration.ofDays(1)));

    all.forEach(
        finding -> assertTrue(finding.text().contains("node-2 (" + PEER + ")"), finding::text));
  }

  @Test
  void aSmallDifferenceIsNoneAndALargerOneIsAWarning() {
    Address place = Address.parse("10.0.0.2:4523");

    assertEquals(Verdict.OK, verdict(place, Duration.ofSeconds(-2)));
    assertEquals(Verdict.WARNING, verdict(place, Duration.ofSeconds(4)));
    assertEquals(Verdict.FAILURE, verdict(place, Duration.ofHours(2)));
  }

  @Test
  void aDateThatIsNoneIsNoFlockerd() {
    assertThrows(IOException.class, () -> PeerClock.ahead("yesterday", Instant.EPOCH));
  }

  private static Verdict verdict(Address place, Duration ahead) {
    return PeerExamination.compare(peer(place), place, ahead).verdict();
  }

  private List<Finding> examine() {
    return new PeerExamination(folder, folder.resolve("volume.json"), folder).findings();
  }

  private void prepare() throws Exception {
    Files.writeString(folder.resolve("volume.json"), NodeIdentity.text(SELF));
    authority.save(folder);
    authority.issueNode(SELF, List.of()).save(folder, "node");
  }

  private void learn(int port) throws Exception {
    PeerBook.open(folder, SELF, _ -> {}).put(peer(new Address("127.0.0.1", port)));
  }

  private static Peer peer(Address place) {
    return new Peer(PEER, Optional.of(PeerName.parse("node-2")), List.of(place), Takeover.NEVER);
  }

  /** A server of TLS that answers one question with a date. */
  private static final class Answering implements AutoCloseable {
    private final SSLServerSocket listener;

    Answering(Credentials credentials, Duration ahead) throws IOException {
      InetAddress here = InetAddress.getLoopbackAddress();
      listener =
          (SSLServerSocket)
              credentials.sslContext().getServerSocketFactory().createServerSocket(0, 1, here);
      listener.setSSLParameters(TlsPolicy.server());
      String date =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              ZonedDateTime.now(ZoneOffset.UTC).plus(ahead));
      Thread.ofVirtual().start(() -> answer("HTTP/1.1 403 Forbidden\r\nDate: " + date));
    }

    private void answer(String head) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        int _ = socket.getInputStream().read();
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(US_ASCII));
      } catch (IOException _) {
        // The test has seen what it wanted, or says what is missing.
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
