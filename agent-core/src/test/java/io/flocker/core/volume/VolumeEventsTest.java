package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.event.Event;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.VolumeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeEventsTest {
  private static final VolumeName NAME = VolumeName.parse("default.v");

  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    pond = new Pond(folder);
  }

  @Test
  void whatIsDoneToAVolumeIsToldInOrder() throws Exception {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    pond.volumes.snapshot(id, "s1", Condition.NONE);
    pond.volumes.snapshot(id, "s2", Condition.NONE);
    pond.history.destroySnapshot(id, "s1", false, Condition.NONE);
    pond.volumes.destroy(id, Condition.NONE);

    assertEquals(
        List.of(
            "volume.created owner",
            "snapshot.taken s1",
            "snapshot.taken s2",
            "snapshot.destroyed s1",
            "volume.destroyed owner"),
        told(id));
  }

  @Test
  void aRollbackTellsWhatIsGone() throws Exception {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    pond.volumes.snapshot(id, "s1", Condition.NONE);
    pond.volumes.snapshot(id, "s2", Condition.NONE);
    pond.events.clear();
    pond.history.rollBack(id, new VolumeHistory.Rollback("s1", true, false), Condition.NONE);

    assertEquals(List.of("snapshot.destroyed s2", "volume.changed owner"), told(id));
  }

  @Test
  void aFirstCopyAndAnotherOwnerAreTold() throws Exception {
    VolumeId id = VolumeId.random();
    String dataset = Pond.dataset(pond.other, "default.v");
    pond.storage.add(dataset);
    pond.replicas.record(
        new Claim(id, NAME, pond.other, 1, UUID.randomUUID(), GrantChain.EMPTY),
        pond.storage.dataset(dataset).orElseThrow());
    pond.replicas.record(
        new Claim(
            id,
            NAME,
            pond.other,
            2,
            UUID.randomUUID(),
            FakeGrants.granted(id, 2, pond.other, pond.other)),
        pond.storage.dataset(dataset).orElseThrow());

    assertEquals(List.of("volume.created replica", "volume.role-changed replica"), told(id));
  }

  @Test
  void whatFailsIsNotTold() throws Exception {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    pond.events.clear();
    assertFails(
        OwnershipFailure.VOLUME_EXISTS, () -> pond.volumes.create(NAME, Optional.empty(), 0));

    assertEquals(List.of(), told(id));
  }

  /** Type and subject of what was told of a volume. */
  private List<String> told(VolumeId id) {
    return pond.events.stream()
        .filter(event -> event.volume().equals(Optional.of(id)))
        .map(VolumeEventsTest::text)
        .toList();
  }

  private static String text(Event event) {
    Object subject =
        event.members().get("snapshot") instanceof Map<?, ?> snapshot
            ? snapshot.get("name")
            : event.members().get("role");
    return event.type() + " " + subject;
  }
}
