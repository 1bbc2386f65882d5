package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerBasesTest {
  private Pond pond;
  private VolumeId id;
  private String dataset;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException, FailureException {
    pond = new Pond(folder);
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    id = volume.id();
    dataset = volume.dataset().name();
  }

  @Test
  void whatAPeerHasIsHeldBookmarkedAndRemembered() throws FailureException {
    Snapshot base = snapshot("base");

    pond.bases.arrived(volume(), pond.other, base.guid());

    assertEquals(Set.of(tag(pond.other)), pond.storage.holds(dataset, "base"));
    assertEquals(Map.of(pond.other, base.guid()), pond.cursors.of(id));
    assertEquals(
        List.of(new BookmarkName(pond.other, base.guid()).toString()),
        volume().dataset().bookmarks().stream().map(Bookmark::name).toList());
  }

  @Test
  void theOneBeforeIsKeptNoMoreAndThoseOfOthersAre() throws FailureException {
    NodeId third = NodeId.random();
    Snapshot base = snapshot("base");
    pond.bases.arrived(volume(), pond.other, base.guid());
    pond.bases.arrived(volume(), third, base.guid());
    Snapshot next = snapshot("next");

    pond.bases.arrived(volume(), pond.other, next.guid());

    assertEquals(Set.of(tag(third)), pond.storage.holds(dataset, "base"));
    assertEquals(Set.of(tag(pond.other)), pond.storage.holds(dataset, "next"));
    assertEquals(Map.of(pond.other, next.guid(), third, base.guid()), pond.cursors.of(id));
    assertEquals(2, volume().dataset().bookmarks().size());
  }

  @Test
  void whatIsHeldIsWrittenDownUntilItIsReleased() throws FailureException {
    Snapshot base = snapshot("base");
    pond.bases.arrived(volume(), pond.other, base.guid());
    assertEquals(
        List.of(new HoldJournal.Entry(id, base.guid(), tag(pond.other))), pond.journal.list());

    pond.bases.letGo(volume());

    assertEquals(Set.of(), pond.storage.holds(dataset, "base"));
    assertEquals(List.of(), pond.journal.list());
    assertEquals(List.of(), volume().dataset().bookmarks());
  }

  private static String tag(NodeId peer) {
    return new Hold.Peer(peer).tag();
  }

  private Snapshot snapshot(String name) throws FailureException {
    return pond.volumes.snapshot(id, name, Condition.NONE);
  }

  private Volume volume() throws FailureException {
    return pond.catalog.require(id);
  }
}
