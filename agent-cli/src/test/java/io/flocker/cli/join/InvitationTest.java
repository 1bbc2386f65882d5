package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.join.JoinMessages.Answer;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinMessages.ProvenKey;
import io.flocker.cli.join.JoinMessages.Request;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.OwnKey;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.pki.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Invitations over real sockets. */
@Timeout(120)
class InvitationTest {
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final Peer PEER =
      new Peer(
          NodeId.parse("bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee"),
          List.of(Address.parse("node1:4523")),
          Takeover.NEVER);
  private static final Address ANY = Address.parseListener("127.0.0.1:0");
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int LONGEST_ANSWER = 1 << 16;

  @TempDir private Path folder;
  private TestCluster cluster;
  private Invitation invitation;
  private final OwnKey nodeKey = OwnKey.generate();
  private final OwnKey localKey = OwnKey.generate();

  @BeforeEach
  void invite() throws Exception {
    cluster = TestCluster.create(Files.createDirectory(folder.resolve("ca")));
    invitation = Invitation.open(invitee(), ANY, "127.0.0.1", LONG);
  }

  @AfterEach
  void end() throws Exception {
    invitation.close();
  }

  @Test
  void whoHasTheTokenBecomesTheNodeThatWasInvited() throws Exception {
    cluster.revoke(cluster.user("mallory"), Instant.now());
    Path place = folder.resolve("node");
    JoinToken token = JoinToken.parse(invitation.token().text());

    Membership membership;
    try (JoinConnection joining = JoinConnection.open(token)) {
      membership = joining.ask(nodeKey, localKey);
      membership.files(nodeKey, localKey).place(place);
      CompletableFuture<Boolean> noted =
          CompletableFuture.supplyAsync(() -> joining.tellBegun(4523));
      assertEquals(4523, invitation.await(LONG));
      invitation.confirm();
      assertTrue(noted.get());
    }

    assertEquals(List.of(PEER), membership.peers());
    assertTrue(membership.revoked().isPresent());
    for (String use : List.of("node", "local")) {
      assertEquals(
          Files.readString(place.resolve(use + ".crt")),
          Files.readString(folder.resolve("ca/issued/" + NODE + "-" + use + ".crt")));
    }
    Path authority = place.resolve("cluster.crt");
    CredentialFiles node = CredentialFiles.in(place, "node");
    Credentials shown = Credentials.load(authority, node.certificate(), node.key());
    assertEquals(new Principal.Node(NODE), shown.principal());
    assertEquals(
        List.of("node2", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"),
        new PeerCertificate(shown.certificate()).hosts());
    CredentialFiles local = CredentialFiles.in(place, "local");
    assertEquals(
        new Principal.Local(NODE),
        Credentials.load(authority, local.certificate(), local.key()).principal());
  }

  @Test
  void isUsedOnce() throws Exception {
    try (JoinConnection first = JoinConnection.open(invitation.token());
        JoinConnection second = JoinConnection.open(invitation.token())) {
      Membership _ = first.ask(nodeKey, localKey);

      SetupException refused =
          assertThrows(SetupException.class, () -> second.ask(nodeKey, localKey));
      assertTrue(String.valueOf(refused.getMessage()).contains("has been used"));
    }
  }

  @Test
  void fiveWrongSecretsEndIt() throws Exception {
    ProvenKey node = ProvenKey.of(nodeKey, invitation.token(), JoinMessages.NODE);
    ProvenKey local = ProvenKey.of(localKey, invitation.token(), JoinMessages.LOCAL);
    String secret = invitation.token().secret();
    String wrong = secret.replace(secret.charAt(0), secret.charAt(0) == '0' ? '1' : '0');
    for (int i = 0; i < 5; i++) {
      Answer answer = ask(new Request(1, i == 0 ? "" : wrong, node, local));
      assertEquals(Answer.refusal("the secret is wrong"), answer);
    }

    SetupException ended = assertThrows(SetupException.class, () -> invitation.await(LONG));
    assertTrue(String.valueOf(ended.getMessage()).contains("five times"));
    assertTrue(ask(new Request(1, secret, node, local)).membership().isEmpty());
  }

  @Test
  void fourWrongSecretsDoNot() throws Exception {
    ProvenKey node = ProvenKey.of(nodeKey, invitation.token(), JoinMessages.NODE);
    ProvenKey local = ProvenKey.of(localKey, invitation.token(), JoinMessages.LOCAL);
    for (int i = 0; i < 4; i++) {
      assertTrue(ask(new Request(1, "guess", node, local)).membership().isEmpty());
    }

    assertTrue(
        ask(new Request(1, invitation.token().secret(), node, local)).membership().isPresent());
  }

  @Test
  void certifiesNoKeyThatIsNotShownToBeThere() throws Exception {
    JoinToken token = invitation.token();
    ProvenKey node = ProvenKey.of(nodeKey, token, JoinMessages.NODE);
    ProvenKey local = ProvenKey.of(localKey, token, JoinMessages.LOCAL);
    ProvenKey byAnother = new ProvenKey(node.key(), ProvenKey.of(localKey, token, "node").proof());
    ProvenKey forAnotherUse = ProvenKey.of(localKey, token, JoinMessages.NODE);
    ProvenKey unproven = new ProvenKey(node.key(), "");
    for (Request wrong :
        List.of(
            new Request(1, token.secret(), byAnother, local),
            new Request(1, token.secret(), node, forAnotherUse),
            new Request(1, token.secret(), unproven, local))) {
      assertEquals(Answer.refusal("it was not shown that both keys are there"), ask(wrong));
    }
  }

  @Test
  void aProofForAnotherInvitationIsNone() throws Exception {
    try (Invitation other = Invitation.open(invitee(), ANY, "127.0.0.1", LONG)) {
      ProvenKey node = ProvenKey.of(nodeKey, other.token(), JoinMessages.NODE);
      ProvenKey local = ProvenKey.of(localKey, other.token(), JoinMessages.LOCAL);

      assertTrue(
          ask(new Request(1, invitation.token().secret(), node, local)).membership().isEmpty());
    }
  }

  @Test
  void whoStandsBetweenIsToldNothing() throws Exception {
    JoinToken meant = invitation.token();
    try (Invitation between = Invitation.open(invitee(), ANY, "127.0.0.1", LONG)) {
      // The token of the one leads to the port of the other, as a man in the middle has it.
      JoinToken misled = at(between.token().address(), meant);

      SetupException refused =
          assertThrows(SetupException.class, () -> JoinConnection.open(misled));
      assertTrue(String.valueOf(refused.getMessage()).contains("told nothing"));
    }
  }

  @Test
  void isOverWhenItsTimeIs() throws Exception {
    SetupException over = assertThrows(SetupException.class, () -> invitation.await(Duration.ZERO));
    assertTrue(String.valueOf(over.getMessage()).contains("in time"));

    try (JoinConnection late = JoinConnection.open(invitation.token())) {
      SetupException refused =
          assertThrows(SetupException.class, () -> late.ask(nodeKey, localKey));
      assertTrue(String.valueOf(refused.getMessage()).contains("is over"));
    }
  }

  @Test
  void saysWhatToTakeBackIfTheNodeIsNotHeardOfAgain() throws Exception {
    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      Membership _ = joining.ask(nodeKey, localKey);
    }

    SetupException lost = assertThrows(SetupException.class, () -> invitation.await(LONG));
    List<String> lines = String.valueOf(lost.getMessage()).lines().toList();
    assertEquals(3, lines.size(), lines.toString());
    String command = "flocker-ca revoke --inputpath=" + folder.resolve("ca") + " ";
    lines.stream().skip(1).forEach(line -> assertTrue(line.startsWith(command), line));
  }

  @Test
  void saysWhyTheNodeCouldNotBegin() throws Exception {
    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      Membership _ = joining.ask(nodeKey, localKey);
      joining.tellFailed("no pool\n\u001b[31mor so", true);

      SetupException failed = assertThrows(SetupException.class, () -> invitation.await(LONG));
      String said = String.valueOf(failed.getMessage());
      assertTrue(said.contains("(no pool\\x{a}\\x{1b}[31mor so)"), said);
      assertTrue(said.contains("once it runs"), said);
    }
  }

  @Test
  void isToBeMadeAnewWhereNothingWasLeft() throws Exception {
    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      Membership _ = joining.ask(nodeKey, localKey);
      joining.tellFailed("a full disk", false);

      SetupException failed = assertThrows(SetupException.class, () -> invitation.await(LONG));
      assertTrue(String.valueOf(failed.getMessage()).endsWith("invite again"));
    }
  }

  @Test
  void endsWhereTheAuthorityCannotKeepWhatItIssues() throws Exception {
    Files.writeString(folder.resolve("ca/issued"), "no folder");
    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      assertThrows(SetupException.class, () -> joining.ask(nodeKey, localKey));
    }

    SetupException failed = assertThrows(SetupException.class, () -> invitation.await(LONG));
    String said = String.valueOf(failed.getMessage());
    assertTrue(said.contains("issued"), said);
  }

  @Test
  void believesNoPortThatIsNone() throws Exception {
    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      Membership _ = joining.ask(nodeKey, localKey);
      CompletableFuture<Boolean> noted =
          CompletableFuture.supplyAsync(() -> joining.tellBegun(70_000));

      SetupException failed = assertThrows(SetupException.class, () -> invitation.await(LONG));
      assertTrue(String.valueOf(failed.getMessage()).endsWith("70000"));
      invitation.close();
      assertFalse(noted.get());
    }
  }

  @Test
  void aHostThatCannotStandInACertificateIsRefusedBeforeAnybodyIsInvited() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Invitee(cluster.authority(), folder, NODE, List.of("no host"), List.of()));
  }

  @Test
  void cutsOffWhoSendsTooMuchOrNonsense() throws Exception {
    for (String sent : List.of("x".repeat(20_000), "[]\n", "{\"version\":1}\n", "\n")) {
      try (SSLSocket stranger = connect(invitation)) {
        assertEquals(-1, answerTo(stranger, sent));
      }
    }

    try (JoinConnection joining = JoinConnection.open(invitation.token())) {
      assertEquals(NODE, joining.ask(nodeKey, localKey).node());
    }
  }

  @Test
  void tellsWhoSpeaksAnotherVersion() throws Exception {
    try (SSLSocket newer = connect(invitation)) {
      newer.getOutputStream().write("{\"version\":2,\"proof\":{}}\n".getBytes(UTF_8));

      Answer answer = JsonLines.read(newer.getInputStream(), Answer.class, LONGEST_ANSWER);
      assertTrue(answer.refused().orElseThrow().contains("another version"));
    }
  }

  @Test
  void whoHangsUpIsNotTakenForAnImpostor() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread _ = Thread.ofVirtual().start(() -> hangUp(busy));
      JoinToken token = at(new Address("127.0.0.1", busy.getLocalPort()), invitation.token());

      SetupException failed = assertThrows(SetupException.class, () -> JoinConnection.open(token));

      String said = String.valueOf(failed.getMessage());
      assertTrue(said.endsWith("try again"), said);
    }
  }

  @Test
  void cutsOffWhoIsSlowWhateverHeSends() throws Exception {
    try (Invitation hasty = Invitation.open(invitee(), ANY, "127.0.0.1", Duration.ofMillis(500));
        Socket stranger =
            new Socket(InetAddress.getLoopbackAddress(), hasty.token().address().port())) {
      Thread _ = Thread.ofVirtual().start(() -> drip(stranger));

      assertEquals(-1, answer(stranger));
    }
  }

  @Test
  void anUnreadableTokenIsNotRepeated() {
    String text = invitation.token().text();
    for (String wrong : List.of("", text.substring(1), text.substring(0, 30), "flocker1-!")) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> JoinToken.parse(wrong));
      assertFalse(!wrong.isEmpty() && String.valueOf(refused.getMessage()).contains(wrong), wrong);
    }
    assertFalse(invitation.token().toString().contains(invitation.token().secret()));
  }

  /** The same token with another address, which stands at its end. */
  private static JoinToken at(Address other, JoinToken token) {
    String prefix = "flocker1-";
    byte[] bytes = Base64.getUrlDecoder().decode(token.text().substring(prefix.length()));
    int before = bytes.length - token.address().toString().length();
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(bytes, 0, before);
    changed.writeBytes(other.toString().getBytes(UTF_8));
    return JoinToken.parse(
        prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(changed.toByteArray()));
  }

  private Invitee invitee() {
    return new Invitee(
        cluster.authority(), folder.resolve("ca"), NODE, List.of("node2"), List.of(PEER));
  }

  private Answer ask(Request request) throws Exception {
    try (SSLSocket socket = connect(invitation)) {
      JsonLines.write(socket.getOutputStream(), request);
      return JsonLines.read(socket.getInputStream(), Answer.class, LONGEST_ANSWER);
    }
  }

  private static SSLSocket connect(Invitation to) throws Exception {
    JoinToken token = to.token();
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new PinnedTrust(token)}, null);
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket(token.address().host(), token.address().port());
    socket.startHandshake();
    return socket;
  }

  private static int answerTo(SSLSocket socket, String sent) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(sent.getBytes(UTF_8));
      out.flush();
    } catch (IOException _) {
      return -1; // Broken off.
    }
    return answer(socket);
  }

  /** The first byte that comes; -1 where the connection ends instead. */
  private static int answer(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException _) {
      return -1; // Broken off.
    }
  }

  private static void hangUp(ServerSocket at) {
    try {
      at.accept().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A long record of TLS, a byte now and then, until the connection ends. */
  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0x3f, 0}); // RFC 8446, section 5.1
      while (true) {
        socket.getOutputStream().write(0);
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException _) {
      // It has ended.
    }
  }
}
