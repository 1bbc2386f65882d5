package io.flocker.transfer.confirm;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that was down while its volume went to its peer, and has lost its state folder. */
@Timeout(60)
class ForgottenPeersTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private MemoryNode back;
  private VolumeId volume;

  @BeforeEach
  void comeBack() throws Exception {
    volume = nodes.first.create("default.db").id();
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    back = nodes.first.forgetful(nodes.second, before, WAIT);
    back.catalog.lookAround();
  }

  @AfterEach
  void close() {
    back.confirmer.close();
  }

  @Test
  void whoDoesNotKnowWhomToAskMountsNothingAndSaysWhatToDo() throws Exception {
    assertTrue(back.mount(), "left to be mounted");

    Volume waiting = back.catalog.require(volume);
    MountStatus status = back.mounter.status(waiting);
    assertFalse(waiting.dataset().isMounted());
    assertEquals(MountStatus.State.UNCONFIRMED, status.state());
    assertEquals(back.peers.forgotten(), status.reason());
  }

  @Test
  void onceItIsToldThatPeerIsAskedAndPutsItOut() throws Exception {
    assertTrue(back.mount());
    back.learn(nodes.second);

    assertFalse(back.mount());

    assertEquals(Role.SUPERSEDED, back.catalog.require(volume).role());
    MemoryPair.assertOwner(nodes.second, volume, 1);
  }

  /** The one that has the volume may be the next that it is told of. */
  @Test
  void whatOnePeerDoesNotObjectToAnotherMayOwn() throws Exception {
    MemoryNode owner = nodes.second;
    VolumeId kept = owner.create("default.kept").id();
    owner.fake.unmount(owner.catalog.require(kept).dataset().name());
    MemoryNode forgetful = owner.forgetful(nodes.first, owner.catalog.require(kept), WAIT);
    try {
      forgetful.catalog.lookAround();
      forgetful.learn(nodes.first);
      assertTrue(forgetful.mount(), "left to be mounted");

      Volume waiting = forgetful.catalog.require(kept);
      assertFalse(waiting.dataset().isMounted());
      assertEquals(forgetful.peers.forgotten(), forgetful.mounter.status(waiting).reason());
    } finally {
      forgetful.confirmer.close();
    }
  }

  @Test
  void anOperatorWhoTakesTheVolumeOverAnswersForAll() throws Exception {
    assertTrue(back.mount());
    Volume waiting = back.catalog.require(volume);
    back.parts
        .confirmations()
        .fenced(volume, waiting.dataset().record().orElseThrow().operation(), Set.of());

    assertFalse(back.mount());

    assertTrue(back.catalog.require(volume).dataset().isMounted());
  }

  @Test
  void noVolumeIsCreatedUnderAnIdThatAForgottenPeerMayKnow() throws Exception {
    VolumeName name = VolumeName.parse("default.other");
    assertFails(
        OwnershipFailure.PEERS_UNANSWERED,
        () -> back.volumes.create(name, Optional.of(VolumeId.random()), 0));
    assertTrue(back.create("default.other").dataset().isMounted());
  }
}
