package io.flocker.transfer.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.VolumeStartup;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.pipe.EpollLoop;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WriteClearanceTest {
  @RegisterExtension final EpollLoop loop = new EpollLoop();
  @TempDir Path folder;

  private MemoryPair nodes;
  private VolumeId volume;
  private WriteClearance clearance;

  @BeforeEach
  void open() throws Exception {
    nodes = new MemoryPair(folder, loop);
    volume = nodes.first.create("default.db").id();
    nodes.first.fake.unmount(nodes.first.catalog.require(volume).dataset().name());
    clearance =
        new WriteClearance(
            nodes.first.peers,
            nodes.first.links,
            nodes.first.epochs,
            nodes.first.locks,
            new VolumeStartup(nodes.first.pool.storage, nodes.first.catalog, nodes.first.home));
  }

  @Test
  void nobodyIsAskedWhoMayNeverTakeOver() throws Exception {
    assertFalse(clearance.isNeeded());

    assertTrue(clearance.isSettled(List.of(volume)));

    assertTrue(isMounted());
    assertEquals(List.of(), nodes.first.links.said());
  }

  @Test
  void mountsOnceTheRivalKnowsNoHigherEpoch() throws Exception {
    makeRival();
    assertTrue(clearance.isNeeded());

    assertTrue(clearance.isSettled(List.of(volume)));

    assertTrue(isMounted());
    assertEquals(List.of("view"), nodes.first.links.said());
    assertTrue(clearance.isSettled(List.of(volume)));
    assertEquals(List.of("view"), nodes.first.links.said(), "it is not asked again");
  }

  @Test
  void waitsForARivalThatIsDown() throws Exception {
    makeRival();
    nodes.first.links.breaks("view", TransferFailure.PEER_UNREACHABLE.because("down"));

    assertFalse(clearance.isSettled(List.of(volume)));

    assertFalse(isMounted());
    nodes.heal();
    assertTrue(clearance.isSettled(List.of(volume)));
    assertTrue(isMounted());
  }

  @Test
  void neverMountsWhatTheRivalKnowsAHigherEpochOf() throws Exception {
    makeRival();
    nodes.second.epochs.observe(volume, 7);

    assertTrue(clearance.isSettled(List.of(volume)));

    assertFalse(isMounted());
    assertEquals(7, nodes.first.epochs.highest(volume));
  }

  @Test
  void looksOnlyAtWhatItIsGiven() throws Exception {
    assertTrue(clearance.isSettled(List.of()));

    assertFalse(isMounted());
  }

  private void makeRival() throws FailureException {
    boolean _ =
        nodes.first.peers.put(
            new Peer(nodes.second.id, List.of(Address.parse("localhost:1")), Takeover.MANUAL));
  }

  private boolean isMounted() throws FailureException {
    return nodes.first.catalog.require(volume).dataset().isMounted();
  }
}
