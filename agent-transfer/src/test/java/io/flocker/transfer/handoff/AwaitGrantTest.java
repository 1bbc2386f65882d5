package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryPair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class AwaitGrantTest {
  private static final VolumeName NAME = VolumeName.parse("default.db");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;
  private AwaitGrant there;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create(NAME.toString()).id();
    there = new AwaitGrant(nodes.second.id, nodes.second.catalog, nodes.second.links);
  }

  @Test
  void isDoneWhereTheVolumeIsHereAlready() throws Exception {
    var _ = nodes.handOff(volume);

    assertEquals(nodes.second.id, there.await(nodes.first.id, NAME));
    assertTrue(nodes.second.links.said().isEmpty(), "nobody has to be asked");
  }

  @Test
  void waitsForAGrantOfWhatWasReleased() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));
    nodes.heal();
    nodes.second.links.breaks(moment -> {
      if (moment.equals("view answered")) {
        assertEquals(0, nodes.first.delivery.recover());
      }
    });

    assertEquals(nodes.second.id, there.await(nodes.first.id, NAME));

    MemoryPair.assertOwner(nodes.second, volume, 1);
  }

  @Test
  void doesNotWaitForWhatTheOwnerKeeps() throws Exception {
    var _ = nodes.push(volume);

    FailureException refusal =
        assertFails(OwnershipFailure.NOT_RELEASED, () -> there.await(nodes.first.id, NAME));

    assertTrue(
        refusal.detail().contains("flocker volume handoff default.db " + nodes.second.id),
        refusal.detail());
  }

  @Test
  void doesNotWaitForWhatIsNotHereNorForItself() {
    assertFails(OwnershipFailure.VOLUME_NOT_FOUND, () -> there.await(nodes.first.id, NAME));
    assertFails(OwnershipFailure.OWNED_HERE, () -> there.await(nodes.second.id, NAME));
  }
}
