package io.flocker.http.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Audience;
import io.flocker.core.event.Event;
import io.flocker.core.event.EventHub;
import io.flocker.core.event.EventLimits;
import io.flocker.core.event.EventType;
import io.flocker.core.event.EventWriter;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.RawConnection;
import io.flocker.http.TestServer;
import io.flocker.http.api.EventRoutes;
import io.flocker.http.api.NamedVolumes;
import io.flocker.http.event.Hearer.Heard;
import io.flocker.http.net.Buffers;
import io.flocker.http.schema.SchemaGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EventRoutesTest {
  private static final Duration PACE = Duration.ofMillis(100);
  private static final EventLimits LIMITS = new EventLimits(4_096, 512, 1 << 20, 64, 1 << 16, 3, 2);
  private static final VolumeId VOLUME = VolumeId.random();
  private static final VolumeId AAAA1 = VolumeId.parse("aaaa1000-0000-4000-8000-000000000001");
  private static final VolumeId AAAA2 = VolumeId.parse("aaaa2000-0000-4000-8000-000000000002");

  private final List<VolumeHead> known = new ArrayList<>();

  @TempDir private Path folder;
  private EventHub hub;
  private TestServer server;
  private Credentials alice;

  @BeforeEach
  void open() throws Exception {
    start(new CheckedEvents(), LIMITS);
  }

  @AfterEach
  void close() {
    server.close();
    hub.close();
  }

  @Test
  @DisplayName("H06 events come in the order in which they happen")
  void eventsComeAsTheyHappenWithTheirTypeAndId() throws Exception {
    try (Hearer hearer = hear("")) {
      tellPeer();
      hub.tell(snapshot(VOLUME, "first"));

      Heard peer = hearer.next();
      Heard snapshot = hearer.next();

      assertEquals("peer.removed", peer.type());
      assertEquals("peer.removed", peer.text("type"));
      assertEquals("snapshot.taken", snapshot.type());
      assertEquals(VOLUME.toString(), snapshot.text("volume"));
      assertTrue(snapshot.id().endsWith("-2"), snapshot.id());
    }
  }

  @Test
  @DisplayName("H06 a quiet connection has a heartbeat")
  void aQuietConnectionHasAHeartbeatThatMovesTheCallerOn() throws Exception {
    try (Hearer hearer = hear("?type=volume")) {
      tellPeer();
      String beat = hearer.block();
      while (!beat.contains("-1")) {
        beat = hearer.block();
      }

      assertTrue(beat.startsWith(":\nid: "), beat);
    }
  }

  @Test
  @DisplayName("H06 a replay by id has no gap and no double")
  void whoReconnectsHasNoGapAndNoDouble() throws Exception {
    String left;
    try (Hearer hearer = hear("")) {
      hub.tell(snapshot(VOLUME, "s1"));
      hub.tell(snapshot(VOLUME, "s2"));
      hub.tell(snapshot(VOLUME, "s3"));
      assertEquals("s1", name(hearer.next()));
      left = hearer.lastId();
    }
    hub.tell(snapshot(VOLUME, "s4"));
    try (Hearer again = hear("", "Last-Event-ID: " + left)) {
      hub.tell(snapshot(VOLUME, "s5"));

      for (String expected : List.of("s2", "s3", "s4", "s5")) {
        assertEquals(expected, name(again.next()));
      }
    }
  }

  @Test
  void whatIsForgottenIsToldFirst() throws Exception {
    String left;
    try (Hearer hearer = hear("")) {
      tellPeer();
      left = hearer.next().id();
      for (int i = 0; i < LIMITS.journalEvents(); i++) {
        tellPeer();
        var _ = hearer.next();
      }
      tellPeer();
      var _ = hearer.next();
    }
    try (Hearer late = hear("?type=volume", "Last-Event-ID: " + left)) {
      Heard gap = late.next();

      assertEquals("gap", gap.type());
      assertEquals("forgotten", gap.text("reason"));
      assertEquals(gap.id(), gap.text("completeAfter"));
      assertTrue(gap.id().endsWith("-2"), gap.id());
    }
  }

  @Test
  void anotherRunOfTheDaemonIsToldFirst() throws Exception {
    tellPeer();
    try (Hearer hearer = hear("", "Last-Event-ID: 0123456789abcdef-7")) {
      Heard gap = hearer.next();

      assertEquals("restarted", gap.text("reason"));
      assertEquals("peer.removed", hearer.next().type());
    }
  }

  @Test
  void aCallerChoosesTypesAndVolumes() throws Exception {
    VolumeId other = VolumeId.random();
    try (Hearer hearer = hear("?type=snapshot&type=peer.removed&volume=" + VOLUME)) {
      tellPeer();
      hub.tell(snapshot(other, "s1"));
      hub.tell(snapshot(VOLUME, "s2"));

      assertEquals("s2", name(hearer.next()));
    }
  }

  @Test
  void whatIsSomebodyElsesIsNotTold() throws Exception {
    try (Hearer hearer = hear("")) {
      hub.tell(snapshot(VOLUME, "s1").onlyFor(Audience.of(new Principal.User("bob"))));
      hub.tell(snapshot(VOLUME, "s2").onlyFor(Audience.of(new Principal.User("alice"))));

      assertEquals("s2", name(hearer.next()));
    }
  }

  @Test
  void whoMightHaveDoneItIsTold() throws Exception {
    Principal bob = new Principal.User("bob");
    try (Hearer hearer = hear("")) {
      hub.tell(snapshot(VOLUME, "s1").onlyFor(new Audience(bob, "volume:handoff")));
      hub.tell(snapshot(VOLUME, "s2").onlyFor(new Audience(bob, "volume:push")));

      assertEquals("s2", name(hearer.next()));
    }
  }

  @Test
  void anEventThatBreaksItsSchemaIsNotSent() throws Exception {
    try (Hearer hearer = hear("")) {
      hub.tell(Event.of(EventType.PEER_REMOVED, Map.of("node", NodeId.random(), "secret", "x")));

      assertEquals("withheld", hearer.next().text("reason"));
    }
  }

  @Test
  void whoListensTooOftenIsToldToWaitAndLeavesPlacesToOthers() throws Exception {
    try (Hearer _ = hear("");
        Hearer _ = hear("");
        RawConnection connection = server.connect(alice)) {
      RawConnection.Response response = connection.request("GET", "/v1/events").response();

      assertEquals(429, response.status());
      assertTrue(response.headers().containsKey("retry-after"));
      Hearer.open(server.connect(server.cluster().user("bob")), "").close();
    }
  }

  @Test
  void whoLeavesMakesRoom() throws Exception {
    for (int i = 0; i < 10; i++) {
      try (Hearer hearer = hear("")) {
        tellPeer();
        var _ = hearer.next();
      }
      awaitListeners(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?type=gap", "?type=", "?type=volume.", "?volume=x", "?volume="})
  void aFilterThatMeansNothingIsMalformed(String query) throws Exception {
    try (RawConnection connection = server.connect(alice)) {
      assertEquals(400, connection.request("GET", "/v1/events" + query).response().status());
    }
  }

  @Test
  void aVolumeIsListenedToByItsName() throws Exception {
    known.add(head(VOLUME, "default.db", Role.OWNER));
    try (Hearer hearer = hear("?volume=default.db")) {
      hub.tell(snapshot(VolumeId.random(), "another"));
      hub.tell(snapshot(VOLUME, "its"));

      assertEquals("its", name(hearer.next()));
    }
    try (RawConnection connection = server.connect(alice)) {
      String missing = "/v1/events?volume=default.missing";

      assertEquals(404, connection.request("GET", missing).response().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default.copy", "aaaa"})
  void whatIsMeantHasToBeOneVolume(String said) throws Exception {
    known.add(head(AAAA1, "default.copy", Role.REPLICA));
    known.add(head(AAAA2, "default.copy", Role.REPLICA));

    try (RawConnection connection = server.connect(alice)) {
      RawConnection.Response refusal =
          connection.request("GET", "/v1/events?volume=" + said).response();

      assertEquals(400, refusal.status());
      assertTrue(refusal.body().contains("ambiguous-reference"), refusal::body);
    }
    hear("?volume=aaaa1").close();
  }

  @Test
  void oneLineageThatIsThereTwiceIsOneVolume() throws Exception {
    known.add(head(AAAA1, "default.twice", Role.CONTESTED));
    known.add(head(AAAA1, "default.twice", Role.CONTESTED));

    hear("?volume=default.twice").close();
  }

  @Test
  void theOwnedOneIsMeantByANameThatCopiesBearToo() throws Exception {
    known.add(head(AAAA1, "default.copy", Role.REPLICA));
    known.add(head(AAAA2, "default.copy", Role.OWNER));
    try (Hearer hearer = hear("?volume=default.copy")) {
      hub.tell(snapshot(AAAA1, "not this"));
      hub.tell(snapshot(AAAA2, "this"));

      assertEquals("this", name(hearer.next()));
    }
  }

  @Test
  void anIdThatIsNoneIsMalformed() throws Exception {
    try (RawConnection connection = server.connect(alice)) {
      String head =
          RawConnection.head("GET /v1/events HTTP/1.1", "Host: test", "Last-Event-ID: yesterday");

      assertEquals(400, connection.send(head).response().status());
    }
  }

  @Test
  void whoWantsNoEventsGetsNone() throws Exception {
    try (RawConnection connection = server.connect(alice)) {
      String head =
          RawConnection.head("GET /v1/events HTTP/1.1", "Host: test", "Accept: application/json");

      assertEquals(406, connection.send(head).response().status());
    }
  }

  @Test
  void headIsAnsweredWithoutListening() throws Exception {
    try (RawConnection connection = server.connect(alice)) {
      assertEquals(200, connection.request("HEAD", "/v1/events").headResponse().status());
      assertEquals(0, hub.listeners());
      assertEquals(200, connection.request("HEAD", "/v1/events").headResponse().status());
    }
  }

  @Test
  void aClosingServerSaysGoodbye() throws Exception {
    try (Hearer hearer = hear("")) {
      tellPeer();
      String last = hearer.next().id();
      long begun = System.nanoTime();
      server.server().close();
      long seconds = (System.nanoTime() - begun) / 1_000_000_000;

      Heard farewell = hearer.next();
      assertEquals("closing", farewell.text("reason"));
      assertEquals(last, farewell.text("resumeAfter"));
      assertTrue(hearer.isEnded());
      assertTrue(seconds < 10, "closed after " + seconds + " s");
      assertEquals(
          List.of(),
          SchemaGate.ofOutputs(List.of("event-farewell"))
              .checkOutput("event-farewell", farewell.data()));
    }
  }

  /** Every event is 4 KiB; sockets hold a few MiB of them, the journal 1 MiB. */
  @Test
  @DisplayName("H06 a slow consumer costs no memory, and is disconnected")
  void aSlowCallerCostsNoMemoryAndIsSentAway() throws Exception {
    close();
    String padding = "x".repeat(4_096);
    start(
        (id, event) ->
            Optional.of(EventText.event(id, event.type().toString(), Map.of("padding", padding))),
        LIMITS);
    try (Hearer slow = hear("")) {
      long before = directBytes();
      long told = 0;
      long most = 0;
      while (hub.listeners() > 0) {
        tellPeer();
        told++;
        most = Math.max(most, directBytes() - before);
        if (told % 100 == 0) {
          Thread.onSpinWait();
        }
      }
      assertTrue(told > LIMITS.journalEvents() / 2, () -> "sent away too early");
      assertTrue(most <= 8 << 20, "direct memory grew by " + most);

      long expected = 1;
      Heard heard = slow.next();
      while (!heard.type().equals("farewell")) {
        if (heard.type().equals("gap")) { // The hub itself was outrun, and says so.
          expected = Long.parseLong(heard.id().substring(heard.id().indexOf('-') + 1));
        }
        assertTrue(heard.id().endsWith("-" + expected), heard.id() + " instead of " + expected);
        expected++;
        heard = slow.next();
      }
      assertEquals("lagging", heard.text("reason"));
      assertTrue(heard.text("resumeAfter").endsWith("-" + (expected - 1)));
      assertTrue(slow.isEnded());
    }
  }

  private void start(EventWriter writer, EventLimits limits) throws Exception {
    hub = EventHub.start(writer, limits);
    server =
        TestServer.start(
            Files.createTempDirectory(folder, "server"),
            new EventRoutes(
                    hub,
                    new NamedVolumes(() -> known),
                    (_, permission) -> permission.equals("volume:push"),
                    PACE)
                .routes());
    alice = server.cluster().user("alice");
  }

  private Hearer hear(String query, String... headers) throws IOException {
    return Hearer.open(server.connect(alice), query, headers);
  }

  private void tellPeer() {
    hub.tell(Event.of(EventType.PEER_REMOVED, Map.of("node", NodeId.random())));
  }

  private static VolumeHead head(VolumeId id, String name, Role role) {
    return new VolumeHead(
        id, VolumeName.parse(name), NodeId.random(), role, 1, Optional.empty(), "tank/" + name);
  }

  private static Event snapshot(VolumeId volume, String name) {
    return Event.of(
        EventType.SNAPSHOT_TAKEN,
        volume,
        Map.of("snapshot", Map.of("name", name, "guid", "00000000000000ff")));
  }

  private static String name(Heard heard) {
    return heard.data().at("/snapshot/name").asString();
  }

  private void awaitListeners(int count) {
    while (hub.listeners() != count) {
      Thread.onSpinWait();
    }
  }

  private static long directBytes() {
    return Buffers.directMemoryBytes();
  }
}
