package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.EventStream;
import io.flocker.http.client.NodeEvent;
import io.flocker.http.schema.SchemaGate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What real nodes tell of what they do. */
@Timeout(300)
class EventsIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final SchemaGate GATE = SchemaGate.ofOutputs(List.of("event"));

  @Test
  @DisplayName("H06 all that two nodes tell of a volume's life fits the published schema")
  void fitsWhatIsPromised() throws Exception {
    try (EventStream first = listen(NODES.first());
        EventStream second = listen(NODES.second())) {
      VolumeDocument volume = NODES.first().create("events.whole");
      String path = "/v1/volumes/" + volume.id();
      user().send("PATCH", NODES.first(), path, Map.of("metadata", Map.of("a", "b"))).succeed();
      String snapshot = NODES.first().client().takeSnapshot(volume.id()).name();
      NODES.first().push(volume.id(), NODES.second());
      user().delete(NODES.first(), path + "/snapshots/" + snapshot).succeed();
      NodeId nobody = NodeId.random();
      var _ =
          NODES
              .first()
              .client()
              .putPeer(new Peer(nobody, List.of(Address.parse("127.0.0.1:9")), Takeover.NEVER));
      NODES
          .first()
          .fail(TransferFailure.PEER_UNREACHABLE, NODES.first().client().push(volume.id(), nobody));
      NODES.first().client().removePeer(nobody);
      NODES.first().handOff(volume.id(), NODES.second());
      NODES.second().client().destroyVolume(volume.id());

      assertTells(
          first,
          "volume.created",
          "volume.changed",
          "volume.role-changed",
          "snapshot.taken",
          "snapshot.destroyed",
          "operation.started",
          "operation.phase",
          "operation.ended",
          "transfer.started",
          "transfer.ended",
          "peer.changed",
          "peer.reachable",
          "peer.unreachable",
          "peer.removed");
      assertTells(
          second,
          "volume.created",
          "volume.role-changed",
          "volume.destroyed",
          "snapshot.received",
          "transfer.started",
          "transfer.ended");
    }
  }

  private static EventStream listen(TestNode node) throws Exception {
    EventStream events = node.client().events(List.of(), List.of(), Optional.empty());
    events.connect();
    return events;
  }

  /** Reads until each of these has come; all that comes is as it should be. */
  private static void assertTells(EventStream events, String... types) throws Exception {
    Set<String> missing = new HashSet<>(List.of(types));
    while (!missing.isEmpty()) {
      NodeEvent event = events.next();
      assertNotEquals("gap", event.type(), event::toString);
      assertEquals(event.type(), event.data().path("type").stringValue());
      assertEquals(List.of(), GATE.checkOutput("event", event.data()), event::toString);
      missing.remove(event.type());
    }
  }

  private static CertifiedCaller user() {
    return new CertifiedCaller(NODES.user());
  }
}
