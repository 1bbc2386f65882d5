package io.flocker.transfer.push;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.Step;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the streams are made that one copy consists of. The ZFS of these nodes is one that can. */
@Timeout(120)
class ChainTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    pool(nodes.first, "large_blocks", "encryption");
    pool(nodes.second, "large_blocks", "encryption");
  }

  private static void pool(MemoryNode node, String... features) {
    node.fake.setCapabilities(
        new Capabilities(
            "2.3", Set.of("L", "w"), Set.of("s"), Set.of(features), true, true, false));
  }

  private void say(Optional<Boolean> raw) throws FailureException {
    nodes.first.policies.put(volume, Policy.to(List.of(nodes.second.id)).sentRaw(raw));
  }

  /** How the next stream from a node would be made. */
  private SendFlags next(MemoryNode from, MemoryNode to) throws FailureException {
    ReplicationPlan plan = from.push.forecast(volume, to.id, true, InitialReplication.ALL).plan();
    return assertInstanceOf(ReplicationPlan.Transfer.class, plan).steps().getFirst().flags();
  }

  private void assertRefused(StorageFailure expected) throws Exception {
    List<Snapshot> here = MemoryPair.snapshots(nodes.first, volume);
    nodes.first.links.breaks(
        "prepare", StorageFailure.ZFS_FAILED.because("a stream was announced"));

    assertFails(expected, () -> nodes.push(volume));

    assertEquals(here, MemoryPair.snapshots(nodes.first, volume), "none was taken for it");
    nodes.heal();
  }

  @Test
  @DisplayName("I19 what was begun without large blocks stays so when the pool has learnt them")
  void staysWithoutLargeBlocks() throws Exception {
    pool(nodes.second);
    var _ = nodes.push(volume);
    pool(nodes.second, "large_blocks");

    assertEquals(SendFlags.NONE, next(nodes.first, nodes.second));
    var _ = nodes.push(volume);

    assertEquals(
        Map.of(nodes.second.id, new ChainFlags(false, false)), nodes.first.cursors.chains(volume));
  }

  @Test
  @DisplayName("I19 what was begun with large blocks stays so at its next owner, and back")
  void staysWithLargeBlocksAtTheNextOwner() throws Exception {
    var _ = nodes.push(volume);
    ChainFlags begun = new ChainFlags(true, false);
    assertEquals(Map.of(nodes.second.id, begun), nodes.first.cursors.chains(volume));

    var _ = nodes.handOff(volume);

    assertEquals(Map.of(nodes.first.id, begun), nodes.second.cursors.chains(volume));
    assertEquals(Map.of(), nodes.first.cursors.chains(volume));
    assertTrue(next(nodes.second, nodes.first).largeBlocks());
  }

  @Test
  @DisplayName("I18 a copy that was begun raw stays so, and who wants it plain is told beforehand")
  void aRawChainTakesNoPlainStream() throws Exception {
    say(Optional.of(true));
    var _ = nodes.push(volume);
    assertEquals(
        Map.of(nodes.second.id, new ChainFlags(true, true)), nodes.first.cursors.chains(volume));

    say(Optional.of(false));
    assertRefused(StorageFailure.RAW_CHAIN_BROKEN);

    say(Optional.empty());
    assertTrue(next(nodes.first, nodes.second).raw());
    var _ = nodes.push(volume);
  }

  @Test
  @DisplayName("I18 a copy that was begun plain takes no raw stream, and that is told beforehand")
  void aPlainChainTakesNoRawStream() throws Exception {
    var _ = nodes.push(volume);

    say(Optional.of(true));

    assertRefused(StorageFailure.RAW_CHAIN_BROKEN);
  }

  @Test
  @DisplayName(
      "I18 of two first pushes at once that one tells how the copy was begun that began it")
  void remembersHowTheCopyWasBegunByTheOneThatWon() throws Exception {
    AtomicBoolean isSecond = new AtomicBoolean();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("announce answered") && isSecond.compareAndSet(false, true)) {
        say(Optional.of(true));
        assertFails(OwnershipFailure.VOLUME_LOCKED, () -> nodes.push(volume));
        say(Optional.empty());
      }
    });

    var _ = nodes.push(volume);

    assertTrue(isSecond.get());
    assertEquals(
        Map.of(nodes.second.id, new ChainFlags(true, false)), nodes.first.cursors.chains(volume));
    var _ = nodes.push(volume);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("R08 a cut stream of a raw copy goes on, but where its token should have said raw")
  void aCutRawStreamOfWhatIsNotEncryptedGoesOn(boolean isEncrypted) throws Exception {
    cutRawStream();
    if (isEncrypted) {
      nodes.first.fake.encrypt(nodes.first.catalog.require(volume).dataset().name());
    }

    ReplicationPlan plan =
        nodes.first.push.forecast(volume, nodes.second.id, false, InitialReplication.ALL).plan();

    Step first = assertInstanceOf(ReplicationPlan.Transfer.class, plan).steps().getFirst();
    assertEquals(!isEncrypted, first instanceof Step.Resume);
    assertTrue(first.flags().raw());
  }

  @Test
  void whatHasArrivedIsKeptWhileZfsDoesNotAnswer() throws Exception {
    cutRawStream();
    nodes.first.pool.breaks("isEncrypted", StorageFailure.ZFS_TIMEOUT.because("zfs get is slow"));

    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.push(volume));

    nodes.heal();
    ReplicationPlan plan =
        nodes.first.push.forecast(volume, nodes.second.id, false, InitialReplication.ALL).plan();
    assertInstanceOf(
        Step.Resume.class,
        assertInstanceOf(ReplicationPlan.Transfer.class, plan).steps().getFirst());
  }

  /** An increment of a raw copy has come to the second node in part. */
  private void cutRawStream() throws Exception {
    say(Optional.of(true));
    var _ = nodes.push(volume);
    Snapshot base = MemoryPair.latest(nodes.first, volume);
    String here = nodes.first.catalog.require(volume).dataset().name();
    Snapshot next = nodes.first.fake.snapshot(here, "flk.20260102T030405Z.push.00000001");
    nodes.second.fake.cut(
        nodes.second.catalog.require(volume).dataset().name(),
        new ResumeState(
            "1-" + volume,
            here + "@" + next.name(),
            next.guid(),
            Optional.of(base.guid()),
            4_096,
            true,
            false,
            false,
            false));
  }

  @Test
  @DisplayName("R07 a token of another volume is refused, and nothing of that one is read")
  void refusesTheTokenOfAnotherVolume() throws Exception {
    var _ = nodes.push(volume);
    Volume secret = nodes.first.create("default.secret");
    Snapshot other = nodes.first.fake.snapshot(secret.dataset().name(), "flk.secret");
    cut(secret.dataset().name() + "@" + other.name(), other.guid());

    FailureException failure = assertFails(TransferFailure.FOREIGN_TOKEN, () -> nodes.push(volume));

    assertEquals(403, failure.failure().status());
    assertEquals(nodes.second.id, failure.members().get("node"));
    assertTrue(failure.detail().contains(other.name()), failure::detail);
  }

  @Test
  @DisplayName("R07 a token whose snapshot another volume has not is only out of date")
  void dropsATokenThatIsOutOfDate() throws Exception {
    var _ = nodes.push(volume);
    Volume namesake = nodes.first.create("default.namesake");
    Snapshot other = nodes.first.fake.snapshot(namesake.dataset().name(), "flk.latest");
    cut(namesake.dataset().name() + "@" + other.name(), new Guid(42));

    var _ = nodes.push(volume);

    assertEquals(
        MemoryPair.latest(nodes.first, volume).guid(),
        MemoryPair.latest(nodes.second, volume).guid());
  }

  /** The copy at the second node has saved a stream of that snapshot. */
  private void cut(String name, Guid guid) throws Exception {
    nodes.second.fake.cut(
        nodes.second.catalog.require(volume).dataset().name(),
        new ResumeState(
            "1-" + volume, name, guid, Optional.empty(), 4_096, false, false, false, false));
  }

  @Test
  @DisplayName(
      "I20 I25 what the peer's pool lacks for raw streams is named, and nothing is sent plain")
  void namesTheFeatureThatIsMissing() throws Exception {
    pool(nodes.second, "large_blocks");
    say(Optional.of(true));

    assertRefused(StorageFailure.POOL_FEATURE_MISSING);
  }

  @Test
  void nothingIsAnnouncedThatCannotBeNoted() throws Exception {
    nodes.first.links.breaks("announce", TransferFailure.PEER_UNREACHABLE.because("away"));
    assertFails(TransferFailure.PEER_UNREACHABLE, () -> nodes.push(volume));
    nodes.heal();
    int before = nodes.first.links.said().size();
    fillDisk();

    assertFails(RequestFailure.STATE_UNAVAILABLE, this::pushWhatIsThere);

    List<String> said = nodes.first.links.said();
    assertFalse(said.subList(before, said.size()).contains("announce"), said::toString);
    freeDisk();
    pushWhatIsThere(); // Nobody waits for the stream before.
    MemoryPair.assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void tellsOfWhatCannotBeNoted() throws Exception {
    nodes.first.links.breaks(moment -> {
      if (moment.equals("announce answered")) {
        fillDisk();
      }
    });

    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> nodes.push(volume));

    List<Map<String, ?>> ends =
        nodes.first.events.stream()
            .filter(event -> event.type() == EventType.TRANSFER_ENDED)
            .<Map<String, ?>>map(Event::members)
            .toList();
    assertEquals(1, ends.size(), ends::toString);
    assertEquals("failed", ends.getFirst().get("outcome"));
    assertEquals(RequestFailure.STATE_UNAVAILABLE.type(), ends.getFirst().get("problem"));
  }

  private void pushWhatIsThere() throws Exception {
    var _ =
        nodes.first.push.run(
            volume,
            nodes.second.id,
            false,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());
  }

  /** Nothing replaces a folder that is not empty. */
  private void fillDisk() {
    try {
      for (Path file : refusing()) {
        Files.deleteIfExists(file);
        Files.createDirectories(file.resolve("full"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void freeDisk() throws IOException {
    for (Path file : refusing()) {
      Files.delete(file.resolve("full"));
      Files.delete(file);
    }
  }

  private List<Path> refusing() {
    Path state = nodes.folder.resolve("first");
    return List.of(state.resolve("proof"), state.resolve(PeerCursors.FILE));
  }
}
