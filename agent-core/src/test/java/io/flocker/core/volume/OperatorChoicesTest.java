package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class OperatorChoicesTest {
  private static final VolumeId LINEAGE = VolumeId.random();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String ASIDE = "default.a.superseded-20260102T030405Z";

  @TempDir private Path folder;
  private Pond pond;
  private OperatorChoices choices;

  @BeforeEach
  void open() throws Exception {
    pond = new Pond(folder);
    choices = new OperatorChoices(pond.node, InstantSource.fixed(NOW));
  }

  @Test
  void aCopyBecomesTheVolumeAndIsNotMountedByThat() throws Exception {
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.OWNED, "default.a");
    Guid last = pond.storage.snapshot(dataset, "last").guid();
    pond.cursors.replace(LINEAGE, Map.of(pond.other, last));
    SignedGrant signed = signed(7, last);

    choices.requireTakeable(copy());
    choices.take(copy(), signed);

    Volume taken = copy();
    assertEquals(Role.OWNER, taken.role());
    assertEquals(7, taken.epoch());
    assertEquals(Pond.dataset(pond.self, "default.a"), taken.dataset().name());
    assertFalse(taken.dataset().isMounted());
    assertEquals(List.of(signed), pond.node.memory().grants().upTo(LINEAGE, 7).grants());
    assertEquals(Map.of(), pond.cursors.of(LINEAGE));
    assertEquals(1, told(EventType.VOLUME_TAKEN_OVER));
    choices.take(copy(), signed); // A repeat changes nothing.
    assertEquals(1, told(EventType.VOLUME_TAKEN_OVER));
  }

  @Test
  void whatWasSignedForAnotherStateOfTheCopyIsNotDone() throws Exception {
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.CONTESTED, "default.a");
    Guid last = pond.storage.snapshot(dataset, "last").guid();
    var _ = pond.storage.snapshot(dataset, "later");

    assertRefused(OwnershipFailure.NOT_RELEASED, () -> choices.take(copy(), signed(7, last)));
    assertRefused(
        OwnershipFailure.STALE_EPOCH,
        () -> choices.take(copy(), signed(3, OperatorChoices.last(copy()))));
    assertEquals(Role.CONTESTED, copy().role());
    assertEquals(List.of(), pond.node.memory().grants().upTo(LINEAGE, 7).grants());
  }

  @Test
  void whatCouldNotBeMountedIsNotTaken() throws Exception {
    var _ = pond.add(LINEAGE, 3, pond.other, OwnershipState.OWNED, "default.a");
    var _ = pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.a");
    assertRefused(OwnershipFailure.VOLUME_EXISTS, () -> choices.requireTakeable(copy()));
  }

  @Test
  void aSupersededCopyIsKeptAndIsNobodysVolume() throws Exception {
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.SUPERSEDED, "default.a");
    Guid pushed = pond.storage.snapshot(dataset, "pushed").guid();
    pond.bases.arrived(copy(), pond.other, pushed); // From when this node owned it.

    Volume aside = setAside();

    assertEquals(ASIDE, aside.name().toString());
    assertEquals(Role.SUPERSEDED, aside.role());
    assertTrue(aside.isSetAside());
    assertEquals(Optional.empty(), aside.dataset().record());
    assertEquals(List.of(Optional.of(aside.id())), toldOf(EventType.VOLUME_CREATED));
    assertEquals(2, aside.dataset().snapshots().size(), "what was written last is in a snapshot");
    assertEquals(Set.of(), pond.storage.holds(aside.dataset().name(), "pushed"));
    assertEquals(Map.of(), pond.cursors.of(LINEAGE));
    assertEquals(Optional.empty(), pond.catalog.find(LINEAGE));
    assertEquals(aside.id(), pond.catalog.find(VolumeName.parse(ASIDE)).orElseThrow().id());
    pond.volumes.destroyReplica(aside.id(), Condition.NONE);
    assertEquals(Optional.empty(), pond.storage.dataset(aside.dataset().name()));
  }

  @Test
  void nobodyAdoptsWhatWasSetAside() throws Exception {
    String name = Pond.dataset(pond.self, ASIDE);
    pond.storage.add(name);
    assertEquals(Role.SUPERSEDED, pond.catalog.at(name).orElseThrow().role());
    assertEquals(Optional.empty(), pond.storage.dataset(name).flatMap(Dataset::record));
  }

  @Test
  void onlyWhatTheKeptNodeHasSupersededIsSetAside() throws Exception {
    for (OwnershipState state : List.of(OwnershipState.OWNED, OwnershipState.CONTESTED)) {
      String dataset = pond.add(LINEAGE, 3, pond.other, state, "default.a");
      assertRefused(OwnershipFailure.NOT_SUPERSEDED, () -> choices.setAside(copy(), pond.other));
      pond.storage.destroy(dataset);
    }
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.SUPERSEDED, "default.a");
    assertRefused(OwnershipFailure.NOT_SUPERSEDED, () -> choices.setAside(copy(), NodeId.random()));
    assertEquals(dataset, copy().dataset().name());
  }

  @Test
  void whereTheNameCannotBeChangedNothingIs() throws Exception {
    String dataset = pond.add(LINEAGE, 3, pond.other, OwnershipState.SUPERSEDED, "default.a");
    pond.storage.add(Pond.dataset(pond.other, ASIDE));
    Optional<Dataset> before = pond.storage.dataset(dataset);

    assertRefused(StorageFailure.DATASET_EXISTS, () -> choices.setAside(copy(), pond.other));

    assertEquals(before, pond.storage.dataset(dataset));
  }

  @Test
  void whatACrashHasRenamedOnlyIsSetAsideByTheNextOne() throws Exception {
    var _ = pond.add(LINEAGE, 3, pond.other, OwnershipState.SUPERSEDED, ASIDE);

    Volume aside = setAside();

    assertEquals(ASIDE, aside.name().toString());
    assertTrue(aside.isSetAside());
  }

  @Test
  void aLongNameIsCutToFit() {
    VolumeName longest = VolumeName.parse("default." + "a".repeat(VolumeName.MAX_LENGTH - 8));
    VolumeName aside = SetAsideName.of(longest, NOW);
    assertEquals(VolumeName.MAX_LENGTH, aside.toString().length());
    assertTrue(SetAsideName.is(aside));
    assertFalse(SetAsideName.is(longest));
    assertFalse(SetAsideName.is(VolumeName.parse("default.a.superseded-lately")));
  }

  private Volume setAside() throws FailureException {
    return pond.catalog.at(choices.setAside(copy(), pond.other)).orElseThrow();
  }

  private Volume copy() throws FailureException {
    return pond.catalog.require(LINEAGE);
  }

  private SignedGrant signed(long epoch, Guid last) {
    return SignedGrant.by(
        TestCredentials.operator(),
        new Grant(LINEAGE, epoch, pond.other, pond.self, UUID.randomUUID(), last, NOW));
  }

  private int told(EventType type) {
    return toldOf(type).size();
  }

  /** The volumes of which that was told. */
  private List<Optional<VolumeId>> toldOf(EventType type) {
    return pond.events.stream().filter(event -> event.type() == type).map(Event::volume).toList();
  }

  private static void assertRefused(Failure failure, Executable attempt) {
    assertEquals(failure, assertThrows(FailureException.class, attempt).failure());
  }
}
