package io.flocker.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.notify.Notification;
import io.flocker.core.notify.Standing;
import io.flocker.core.notify.Subject;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.schema.SchemaGate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What receivers of notifications are promised, and what they get. */
class NotificationSchemaTest {
  private static final SchemaGate GATE = SchemaGate.ofOutputs(List.of("notification"));

  @Test
  void whatIsToldOfACopyFits() {
    assertFits(
        new Standing(
            new Subject(ApiFixture.COPY.volume(), Optional.of(ApiFixture.COPY.peer())),
            Optional.of(ApiFixture.COPY.name()),
            ApiFixture.COPY.state().toString(),
            ApiFixture.COPY.since(),
            Map.of("copy", ApiFixture.COPY)));
  }

  @Test
  void whatIsToldOfAVolumeFits() {
    assertFits(
        new Standing(
            new Subject(ApiFixture.COPY.volume(), Optional.empty()),
            Optional.of(VolumeName.parse("default.db")),
            "contested",
            Instant.EPOCH,
            Map.of("role", Role.CONTESTED, "owner", NodeId.random(), "epoch", 3)));
  }

  @Test
  void whatIsToldOfWhatIsGoneFits() {
    assertFits(
        new Standing(
            new Subject(ApiFixture.COPY.volume(), Optional.of(ApiFixture.COPY.peer())),
            Optional.empty(),
            "gone",
            Instant.EPOCH,
            Map.of()));
  }

  @Test
  void aMemberThatNobodyWasPromisedDoesNotFit() {
    ObjectNode told =
        (ObjectNode)
            told(
                new Standing(
                    new Subject(ApiFixture.COPY.volume(), Optional.empty()),
                    Optional.empty(),
                    "gone",
                    Instant.EPOCH,
                    Map.of()));

    assertNotEquals(List.of(), GATE.checkOutput("notification", told.put("reason", "unknown")));
  }

  private static void assertFits(Standing standing) {
    assertEquals(List.of(), GATE.checkOutput("notification", told(standing)));
  }

  private static JsonNode told(Standing standing) {
    return JsonMappers.WIRE.readTree(
        new Notification(
                UUID.randomUUID(), Instant.EPOCH, NodeId.random(), Optional.of("current"), standing)
            .json());
  }
}
