package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VolumeIndexTest {
  private static final NodeId OWNER = NodeId.random();

  private final VolumeIndex index = new VolumeIndex();

  @Test
  void whatChangesDuringAListingIsNotUndoneByIt() {
    VolumeHead stays = head("tank/a", Role.OWNER);
    VolumeHead released = head("tank/b", Role.RELEASED);
    VolumeHead gone = head("tank/c", Role.OWNER);
    try (VolumeIndex.Listing listing = index.list()) {
      index.put(released);
      index.remove("tank/c");
      listing.fill(List.of(stays, as(released, Role.OWNER), gone), List.of());
    }
    assertEquals(Set.of(stays, released), Set.copyOf(index.all()));
    assertEquals(Set.of(), index.datasets(gone.id()));
  }

  @Test
  void whatChangedBeforeAListingBeganIsItsToSay() {
    VolumeHead before = head("tank/a", Role.OWNER);
    try (VolumeIndex.Listing older = index.list()) {
      index.put(before);
      try (VolumeIndex.Listing newer = index.list()) {
        newer.fill(List.of(), List.of());
      }
      assertEquals(List.of(), index.all());
      older.fill(List.of(), List.of());
    }
    assertEquals(List.of(before), index.all());
  }

  @Test
  void aListingThatFailsChangesNothing() {
    VolumeHead head = head("tank/a", Role.OWNER);
    index.put(head);
    try (VolumeIndex.Listing _ = index.list()) {
      assertFalse(index.isFilled());
    }
    assertEquals(List.of(head), index.all());
    assertFalse(index.isFilled());
  }

  @Test
  void oneLineageCanBeTwoDatasets() {
    VolumeHead one = head("tank/a", Role.OWNER);
    VolumeHead other =
        new VolumeHead(
            one.id(),
            VolumeName.parse("default.b"),
            OWNER,
            Role.OWNER,
            0,
            Optional.empty(),
            "tank/b");
    index.put(one);
    index.put(other);
    assertEquals(Set.of("tank/a", "tank/b"), index.datasets(one.id()));
    assertEquals(Set.of("tank/a", "tank/b"), index.datasets(one.name()));
    index.rename("tank/a", "tank/c");
    assertEquals(Set.of("tank/b", "tank/c"), index.siblings("tank/b"));
    assertEquals(Set.of("tank/x"), index.siblings("tank/x"));
  }

  @Test
  void aDoubtDuringAListingIsNotSettledByIt() {
    try (VolumeIndex.Listing listing = index.list()) {
      index.doubt();
      listing.fill(List.of(), List.of());
    }
    assertFalse(index.isFilled());
    try (VolumeIndex.Listing listing = index.list()) {
      listing.fill(List.of(), List.of());
    }
    assertTrue(index.isFilled());
  }

  @Test
  void aRenameOfWhatIsNotKnownLeavesADoubt() {
    try (VolumeIndex.Listing listing = index.list()) {
      listing.fill(List.of(), List.of());
    }
    assertTrue(index.isFilled());
    index.rename("tank/a", "tank/b");
    assertFalse(index.isFilled());
  }

  private static VolumeHead head(String dataset, Role role) {
    return new VolumeHead(
        VolumeId.random(),
        VolumeName.parse("default.a"),
        OWNER,
        role,
        0,
        Optional.empty(),
        dataset);
  }

  private static VolumeHead as(VolumeHead head, Role role) {
    return new VolumeHead(
        head.id(), head.name(), head.owner(), role, head.epoch(), head.operation(), head.dataset());
  }
}
