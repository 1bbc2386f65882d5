package io.flocker.http.hook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.notify.Notification;
import io.flocker.core.notify.Notifier;
import io.flocker.core.notify.Standing;
import io.flocker.core.notify.Standings;
import io.flocker.core.notify.Subject;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredTold;
import io.flocker.core.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class HookTargetTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Instant NOW = Instant.parse("2026-03-01T12:34:56.789Z");
  private static final String SECRET = "a secret that nobody else knows";

  @TempDir Path folder;

  private final Subject copy = new Subject(VolumeId.random(), Optional.of(NodeId.random()));
  private final Notification notification = notification("failed");
  private TestCluster authority;
  private HookServer server;
  private Path secret;

  @BeforeEach
  void start() throws Exception {
    authority = TestCluster.create(Files.createDirectory(folder.resolve("authority")));
    server = HookServer.start(authority.node(NodeId.random(), "localhost"));
    secret = folder.resolve("secret");
    Files.writeString(secret, SECRET + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void sendsWhatIsSignedAndWhen() throws Exception {
    target(LONG).tell(notification);

    HookServer.Request request = server.next();
    assertEquals("POST /hook?team=a HTTP/1.1", request.line());
    assertEquals("application/json", request.header("content-type"));
    assertEquals(notification.id().toString(), request.header("flocker-notification"));
    assertEquals(notification.json(), request.body());
    assertEquals(
        "t=1772368496,v1=" + hmac("1772368496." + request.body()),
        request.header("flocker-signature"));
  }

  @Test
  void aSecretThatWasExchangedCountsAtOnce() throws Exception {
    HookTarget target = target(LONG);
    Files.writeString(secret, "");
    assertTrue(refusal(target).contains(secret + " holds no secret of 16"));

    Files.writeString(secret, SECRET);
    target.tell(notification);
    assertEquals(notification.json(), server.next().body());
  }

  @Test
  void whateverIsNoSuccessIsAFailure() throws Exception {
    server.answers("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    assertTrue(refusal(target(LONG)).endsWith("answered with status 500"));
    server.answers(
        "HTTP/1.1 302 There\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n");
    assertTrue(refusal(target(LONG)).endsWith("answered with status 302"));
    server.answers("nonsense\r\n\r\n");
    var _ = refusal(target(LONG));
    server.answers("HTTP/1.1 204 Fine\r\n\r\n");
    target(LONG).tell(notification);
  }

  @Test
  void anAnswerWithoutAnEndIsAnAnswer() throws Exception {
    server.answersForEver("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nand");

    target(LONG).tell(notification);
  }

  @Test
  void aServerThatIsSlowOrAwayIsNotWaitedFor() throws Exception {
    server.answersForEver("HTTP/1.1 ");
    assertTrue(refusal(target(SHORT)).contains("was not told"));

    server.close();
    assertTrue(refusal(target(LONG)).contains("was not told"));
  }

  @Test
  void aServerOfAnotherAuthorityLearnsNothing() throws Exception {
    TestCluster other = TestCluster.create(Files.createDirectory(folder.resolve("other")));
    HookTarget target =
        new HookTarget(
            server.url("localhost"),
            secret,
            Optional.of(other.authorityFile()),
            LONG,
            InstantSource.fixed(NOW));

    var _ = refusal(target);
    var _ =
        refusal(
            new HookTarget(
                server.url("localhost"), secret, Optional.empty(), LONG, InstantSource.fixed(NOW)));

    assertTrue(server.isQuiet());
  }

  @Test
  void aServerOfAnotherNameLearnsNothing() throws Exception {
    server.close();
    server = HookServer.start(authority.node(NodeId.random(), "elsewhere.example"));

    var _ = refusal(target(LONG));

    assertTrue(server.isQuiet());
  }

  @Test
  void aDaemonThatWasStartedAnewTellsWhatItsPredecessorCouldNot() throws Exception {
    server.answers("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    try (Database database = Database.open(folder)) {
      var _ = notifier(database, "failed").round();
    }
    assertTrue(server.next().body().contains("\"failed\""));

    for (int start = 0; start < 3; start++) {
      try (Database database = Database.open(folder)) {
        var _ = notifier(database, "hindered").round();
      }
    }

    HookServer.Request told = server.next();
    assertTrue(told.body().contains("\"hindered\""));
    assertTrue(server.isQuiet());
  }

  private Notifier notifier(Database database, String state) {
    return new Notifier(
        NodeId.random(),
        target(LONG),
        () -> new Standings.Seen(Map.of(copy, standing(state)), true, true),
        new StoredTold(database),
        Duration.ZERO,
        InstantSource.system(),
        () -> {});
  }

  private HookTarget target(Duration deadline) {
    return new HookTarget(
        server.url("localhost"),
        secret,
        Optional.of(authority.authorityFile()),
        deadline,
        InstantSource.fixed(NOW));
  }

  private String refusal(HookTarget target) {
    FailureException refusal =
        assertThrows(FailureException.class, () -> target.tell(notification));
    assertEquals(NotifyFailure.NOTIFICATION_FAILED, refusal.failure());
    return refusal.detail();
  }

  private Notification notification(String state) {
    return new Notification(
        UUID.randomUUID(), NOW, NodeId.random(), Optional.of("current"), standing(state));
  }

  private Standing standing(String state) {
    return new Standing(
        copy, Optional.of(VolumeName.parse("default.volume")), state, NOW, Map.of());
  }

  private static String hmac(String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(US_ASCII), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }
}
