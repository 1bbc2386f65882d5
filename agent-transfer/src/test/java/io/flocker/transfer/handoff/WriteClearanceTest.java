package io.flocker.transfer.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.FakeFolders;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.MountStatus.State;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.transfer.protocol.VolumeView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that starts with a volume of its own, and two peers, one of which may take over. */
class WriteClearanceTest {
  private final NodeId self = NodeId.random();
  private final NodeId rival = NodeId.random();
  private final FakeStorage storage = new FakeStorage();
  private final List<NodeId> asked = new ArrayList<>();
  private WriteClearance.Question rivalSays = (_, _) -> knows(0);
  private EpochMemory epochs;
  private VolumeCatalog catalog;
  private VolumeMounter mounter;
  private VolumeId id;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    epochs = EpochMemory.open(folder);
    catalog = new VolumeCatalog(storage, self, epochs, EventSink.NONE);
    PeerBook peers = PeerBook.open(folder, self, EventSink.NONE);
    peers.put(new Peer(rival, List.of(Address.parse("127.0.0.1:4523")), Takeover.MANUAL));
    peers.put(new Peer(NodeId.random(), List.of(Address.parse("127.0.0.1:4524")), Takeover.NEVER));
    storage.add("tank/" + self + ".default.a");
    id = catalog.list().getFirst().id();
    WriteClearance clearance =
        new WriteClearance(
            peers,
            (peer, volume) -> {
              asked.add(peer);
              return rivalSays.ask(peer, volume);
            },
            epochs);
    mounter =
        new VolumeMounter(
            storage,
            catalog,
            new LocalNode(self, folder),
            new VolumeLocks(),
            clearance,
            new FakeFolders());
    mounter.wantAll();
  }

  @Test
  void whatNoPeerKnowsBetterIsMounted() throws Exception {
    assertFalse(mounter.mountWanted());
    assertTrue(volume().dataset().isMounted());
    assertEquals(List.of(rival), asked, "a peer that never takes over is not asked");
  }

  @Test
  void aPeerThatIsDownAndMayHaveTakenOverIsWaitedFor() throws Exception {
    rivalSays =
        (_, _) -> {
          throw TransferFailure.PEER_UNREACHABLE.because("connection refused");
        };
    assertTrue(mounter.mountWanted());
    assertFalse(volume().dataset().isMounted());
    assertEquals(State.UNCONFIRMED, mounter.status(volume()).state());
    assertTrue(mounter.status(volume()).reason().orElse("").contains("connection refused"));
    rivalSays = (_, _) -> knows(0);
    mounter.wantAll();
    assertFalse(mounter.mountWanted());
    assertTrue(volume().dataset().isMounted());
  }

  @Test
  void aPeerThatKnowsAHigherEpochKeepsTheVolumeFromBeingWritten() throws Exception {
    rivalSays = (_, _) -> knows(1);
    assertFalse(mounter.mountWanted());
    assertFalse(volume().dataset().isMounted());
    assertEquals(Role.CONTESTED, volume().role());
    assertEquals(1, epochs.highest(id), "the next start knows it too");
  }

  @Test
  void anEpochThatNoVolumeGetsToKeepsItOfflineAndIsNotRemembered() throws Exception {
    rivalSays = (_, _) -> knows(1_001);
    assertTrue(mounter.mountWanted());
    assertEquals(State.UNCONFIRMED, mounter.status(volume()).state());
    String reason = mounter.status(volume()).reason().orElse("");
    assertTrue(reason.contains("at epoch 1001, which is not believed"), reason);
    rivalSays = (_, _) -> knows(0);
    mounter.wantAll();
    assertFalse(mounter.mountWanted());
    assertTrue(volume().dataset().isMounted());
    assertEquals(Role.OWNER, volume().role());
  }

  private Volume volume() throws FailureException {
    return catalog.require(id);
  }

  private VolumeView knows(long epoch) {
    return new VolumeView(
        true,
        Optional.of(Role.REPLICA),
        Optional.of(self),
        epoch,
        epoch,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        storage.capabilities(),
        0,
        Optional.empty());
  }
}
