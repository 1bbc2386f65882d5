package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.json.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What commands write and what the node reads is one record, so one form. */
class RequestBodiesTest {
  private static final NodeId PEER = NodeId.random();
  private static final VolumeName NAME = VolumeName.parse("default.web");

  static Stream<Object> bodies() {
    return Stream.of(
        new NewVolume(NAME, VolumeId.random(), 1L << 40),
        new NewVolume(NAME, null, null),
        new NewClone(NAME, VolumeId.random(), "s", 5L),
        new NewClone(NAME, null, null, null),
        new NewSnapshot("s"),
        new NewSnapshot(null),
        new Rollback("s", true, false),
        new Rollback("s", null, null),
        new PeerEntry(
            PeerName.parse("b"), List.of(Address.parse("[fd00::2]:4523")), Takeover.MANUAL),
        new PeerEntry(null, List.of(Address.parse("b:1")), null),
        PushRequest.to(PEER, InitialReplication.LATEST),
        new PushRequest(PEER, false, null),
        HandoffRequest.to(PEER, InitialReplication.LATEST),
        HandoffRequest.to(PEER, InitialReplication.ALL));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isReadAsItWasWritten(Object body) {
    JsonNode document = Json.read(Json.write(body));
    assertEquals(body, Json.convert(document, body.getClass()));
  }

  @Test
  void whatIsTheRuleNeedNotBeSaid() {
    assertEquals("{\"peer\":\"" + PEER + "\"}", text(PushRequest.to(PEER, InitialReplication.ALL)));
    assertEquals(
        "{\"peer\":\"" + PEER + "\"}", text(HandoffRequest.to(PEER, InitialReplication.ALL)));
    assertEquals("{\"snapshot\":\"s\"}", text(new Rollback("s", null, null)));

    PushRequest least = new PushRequest(PEER, null, null);
    assertTrue(least.takesSnapshot());
    assertEquals(InitialReplication.ALL, least.historyOrAll());
    assertFalse(new PushRequest(PEER, false, null).takesSnapshot());
    assertEquals(
        Takeover.NEVER,
        new PeerEntry(null, List.of(Address.parse("b:1")), null).peer(PEER).takeover());
    Peer peer = new Peer(PEER, List.of(Address.parse("b:1")), Takeover.MANUAL);
    assertEquals(peer, PeerEntry.of(peer).peer(PEER));
  }

  private static String text(Object body) {
    return Json.tree(body).toString();
  }
}
