package io.flocker.transfer.confirm;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.Confirmations.Word;
import io.flocker.core.volume.MountStatus.State;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.push.RecordingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes; the second has a copy of a volume of the first one. */
@Timeout(60)
class ConfirmerTest {
  /** For one that has nobody to wait for, and for one that has. */
  private static final Duration SHORT = Duration.ofMillis(50);

  private static final Duration LONG = Duration.ofSeconds(30);

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
  }

  @Test
  void aNewVolumeIsConfirmedBesideAllElse() throws Exception {
    await(() -> isConfirmed(nodes.first, nodes.second, volume));
  }

  @Test
  void whoAcquiresAsksWhoGaveBeforeItMounts() throws Exception {
    var _ = nodes.handOff(volume);
    assertTrue(isConfirmed(nodes.second, nodes.first, volume));
    assertEquals(1, nodes.second.links.confirms());
  }

  @Test
  void eachStartAsksOnceAboutEachVolumeWithoutAskingZfs() throws Exception {
    VolumeId other = nodes.first.create("default.other").id();
    unmount(volume);
    unmount(other);
    await(() ->
        isConfirmed(nodes.first, nodes.second, volume)
            && isConfirmed(nodes.first, nodes.second, other));
    int before = nodes.first.links.confirms();
    List<String> changes = nodes.second.fake.changes();

    assertFalse(nodes.first.mount());

    assertEquals(before + 2, nodes.first.links.confirms());
    assertEquals(changes, nodes.second.fake.changes());
  }

  /** As a machine that is put back to a day before its handoff. */
  @Test
  void aNodeThatMissesItsOwnHandoffIsPutOutBeforeItMounts() throws Exception {
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    MemoryNode back = restored(before, LONG);

    assertFalse(back.mount());

    Volume now = back.catalog.require(volume);
    assertEquals(Role.SUPERSEDED, now.role());
    assertEquals(nodes.second.id, now.owner());
    assertFalse(now.dataset().isMounted());
    MemoryPair.assertOwner(nodes.second, volume, 1);
  }

  @Test
  void oneThatCannotAskMountsAndIsPutOutAsSoonAsItCan() throws Exception {
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    MemoryNode back = restored(before, SHORT);
    back.links.breaks("confirm", away());

    assertFalse(back.mount());
    MemoryPair.assertWriter(back, volume, 0);
    Word word = word(back);
    assertEquals(nodes.second.id, word.peer());
    assertEquals(Optional.empty(), word.at());
    assertTrue(word.reason().orElse("").contains("does not"), word::toString);
    back.links.heal();
    back.confirmer.answered(nodes.second.id);

    await(() -> role(back) == Role.SUPERSEDED);
    assertFalse(back.catalog.require(volume).dataset().isMounted());
  }

  @Test
  void aPeerThatMayTakeOverIsWaitedFor() throws Exception {
    letTakeOver();
    unmount(volume);
    MemoryNode next = nodes.first.successor(nodes.second, SHORT);
    next.links.breaks("confirm", away());
    assertTrue(next.mount());
    Volume waiting = next.catalog.require(volume);
    assertFalse(waiting.dataset().isMounted());
    assertEquals(State.UNCONFIRMED, next.mounter.status(waiting).state());
    next.links.heal();
    next.confirmer.answered(nodes.second.id);
    await(() -> !next.mount());
    MemoryPair.assertWriter(next, volume, 0);
  }

  @Test
  void aSecondPairOfOwnersFromOneDiskContestTheVolumeAtBoth() throws Exception {
    MemoryNode third = nodes.another("third");
    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      node.learn(third);
      third.learn(node);
    }
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    MemoryNode back = restored(before, SHORT);
    back.learn(third);
    third.learn(back);
    back.links.breaks("confirm", away());
    assertFalse(back.mount());
    var _ =
        back.handoff.run(
            volume, third.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());

    await(() -> role(nodes.second) == Role.CONTESTED && role(third) == Role.CONTESTED);
    assertFalse(nodes.second.catalog.require(volume).dataset().isMounted());
    assertFalse(third.catalog.require(volume).dataset().isMounted());
    third.confirmer.close();
  }

  @Test
  void whoIsContradictedAsksWhoeverContradicts() throws Exception {
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    MemoryNode back = restored(before, SHORT);
    back.links.breaks("confirm", away());
    assertFalse(back.mount());
    back.links.heal();

    assertFails(OwnershipFailure.STALE_EPOCH, () -> push(back));

    await(() -> role(back) == Role.SUPERSEDED);
  }

  /** Nobody but the third node can tell the first one what became of its grant. */
  @Test
  void whoHasNotHeardThatItsGrantWasTakenFollowsWhoeverOwnsTheVolumeSince() throws Exception {
    MemoryNode third = nodes.another("third");
    nodes.second.learn(third);
    third.learn(nodes.second);
    nodes.first.links.breaks(
        "acquire answered", OwnershipFailure.NOT_GRANTED.because("the answer is lost"));
    assertFails(OwnershipFailure.NOT_GRANTED, () -> nodes.handOff(volume));
    assertEquals(Role.RELEASED, role(nodes.first));
    var _ =
        nodes.second.handoff.run(
            volume, third.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());
    nodes.first.links.heal();

    assertEquals(1, nodes.first.delivery.recover());

    await(() -> role(nodes.first) == Role.REPLICA);
    assertEquals(third.id, nodes.first.catalog.require(volume).owner());
    third.confirmer.close();
  }

  @Test
  void anIdThatAPeerKnowsIsNotUsedAgain() throws Exception {
    MemoryNode newcomer = nodes.another("new");
    newcomer.learn(nodes.second);
    FailureException refused =
        assertFails(
            OwnershipFailure.VOLUME_EXISTS,
            () ->
                newcomer.volumes.create(VolumeName.parse("default.again"), Optional.of(volume), 0));
    assertEquals(
        "node " + nodes.second.id + " knows volume " + volume + " already", refused.detail());
    assertEquals(List.of(), newcomer.catalog.list());
    newcomer.confirmer.close();
  }

  /** One id, created on two nodes that did not see each other. */
  @Test
  void aVolumeThatWasCreatedTwiceIsWrittenByNobody() throws Exception {
    VolumeId id = VolumeId.random();
    nodes.first.links.breaks("confirm", away());
    nodes.second.links.breaks("confirm", away());
    var _ = nodes.first.volumes.create(VolumeName.parse("default.x"), Optional.of(id), 0);
    var _ = nodes.second.volumes.create(VolumeName.parse("default.y"), Optional.of(id), 0);
    nodes.heal();
    nodes.first.confirmer.doubted(id, nodes.second.id);

    await(() ->
        nodes.first.catalog.require(id).role() == Role.CONTESTED
            && nodes.second.catalog.require(id).role() == Role.CONTESTED);
    assertFalse(nodes.first.catalog.require(id).dataset().isMounted());
    assertFalse(nodes.second.catalog.require(id).dataset().isMounted());
  }

  @Test
  void anOlderPeerIsAskedWhatItCanSay() throws Exception {
    nodes.first.links.breaks("confirm", RequestFailure.NOT_FOUND.because("no such route"));
    letTakeOver();
    unmount(volume);
    assertFalse(nodes.first.mount());
    assertTrue(word(nodes.first).reason().orElse("").contains("of an older version"));

    unmount(volume);
    nodes.second.epochs.observe(volume, 1);
    assertFalse(nodes.first.mount());
    assertEquals(Role.CONTESTED, role(nodes.first));
    assertFalse(nodes.first.catalog.require(volume).dataset().isMounted());
  }

  /** A liar's first use and his grant to himself: that is proven to who believed the first. */
  @Test
  void theHighestEpochOfWhoIsNoOwnerAndCannotShowItCountsForNothing() throws Exception {
    letTakeOver();
    nodes.second.epochs.observe(volume, 7);
    unmount(volume);
    assertFalse(nodes.first.mount());
    MemoryPair.assertWriter(nodes.first, volume, 0);
    assertTrue(word(nodes.first).at().isPresent());
  }

  @Test
  void whatAPeerSaysAndDoesNotProveStopsNobody() throws Exception {
    record(nodes.second, nodes.second.id, 3, OwnershipState.CONTESTED);
    nodes.second.epochs.observe(volume, 7);
    unmount(volume);
    assertFalse(nodes.first.mount());
    MemoryPair.assertWriter(nodes.first, volume, 0);
    assertEquals(0, nodes.first.epochs.highest(volume));
    assertTrue(word(nodes.first).reason().orElse("").contains("nothing proves that"));
  }

  @Test
  void whoWasPutOutAndStillWritesKeepsTheOwnerFromMounting() throws Exception {
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    nodes.second.fake.unmount(nodes.second.catalog.require(volume).dataset().name());
    MemoryNode back = restored(before, SHORT);
    back.links.breaks("confirm", away());
    assertFalse(back.mount());
    String dataset = back.catalog.require(volume).dataset().name();
    back.fake.setBusy(dataset, true);

    assertTrue(nodes.second.mount());
    Volume waiting = nodes.second.catalog.require(volume);
    assertEquals(State.UNCONFIRMED, nodes.second.mounter.status(waiting).state());
    assertTrue(
        nodes.second.mounter.status(waiting).reason().orElse("").contains("still mounted"),
        () -> nodes.second.mounter.status(waiting).toString());
    back.fake.setBusy(dataset, false);
    assertFalse(back.parts.fencing().finish());

    assertFalse(nodes.second.mount());
    MemoryPair.assertWriter(nodes.second, volume, 1);
  }

  /** A killed daemon leaves its mounts, and the next one is asked as soon as it listens. */
  @Test
  void whatIsLeftMountedIsToldBeforeAnybodyHasLookedAtTheMounts() throws Exception {
    record(nodes.second, nodes.first.id, 0, OwnershipState.SUPERSEDED);
    String left = nodes.second.catalog.require(volume).dataset().name();
    nodes.second.fake.mountWritable(left, nodes.folder.resolve("left"));
    unmount(volume);

    assertTrue(nodes.first.mount());

    Volume waiting = nodes.first.catalog.require(volume);
    assertFalse(waiting.dataset().isMounted());
    assertTrue(
        nodes.first.mounter.status(waiting).reason().orElse("").contains("can still write it"),
        () -> nodes.first.mounter.status(waiting).toString());
    nodes.second.fake.unmount(left);
    assertFalse(nodes.first.mount());
  }

  /** It has started since its operator has seen it down. */
  @Test
  void whoIsCalledFencedByATakeoverIsNotConfirmedWhileThatIsUndecided() throws Exception {
    unmount(volume);
    try (Confirmations.Taking _ =
        nodes.second.parts.confirmations().taking(volume, Set.of(nodes.first.id))) {
      assertTrue(nodes.first.mount());
      Volume waiting = nodes.first.catalog.require(volume);
      assertFalse(waiting.dataset().isMounted());
      assertTrue(
          nodes.first.mounter.status(waiting).reason().orElse("").contains("takes volume"),
          () -> nodes.first.mounter.status(waiting).toString());
    }
    assertFalse(nodes.first.mount());
    MemoryPair.assertWriter(nodes.first, volume, 0);
  }

  /** Whoever never said that it is another's, and goes with the volume to its next owners. */
  @Test
  void aVolumeWhoseIdItsNodeMadeUpIsContestedByNoOthersCreation() throws Exception {
    NodeId liar = NodeId.random();
    showsThatHeCreated(nodes.first, liar);
    assertEquals(Role.OWNER, role(nodes.first));

    var _ = nodes.handOff(volume);
    showsThatHeCreated(nodes.second, liar);
    assertEquals(Role.OWNER, role(nodes.second));

    var _ =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());
    showsThatHeCreated(nodes.first, liar);
    assertEquals(Role.OWNER, role(nodes.first));
  }

  /** He said himself that another one owns it, and that goes on with the volume. */
  @Test
  void whoHasConfirmedAVolumeContestsItAtNoLaterOwnerByACreation() throws Exception {
    volume =
        nodes
            .first
            .volumes
            .create(VolumeName.parse("default.chosen"), Optional.of(VolumeId.random()), 0)
            .id();
    var _ = nodes.push(volume);
    NodeId liar = NodeId.random();
    UUID operation =
        nodes.first.catalog.require(volume).dataset().record().orElseThrow().operation();
    boolean _ = nodes.first.parts.confirmations().confirm(volume, operation, liar);
    var _ = nodes.handOff(volume);

    showsThatHeCreated(nodes.second, liar);
    assertEquals(Role.OWNER, role(nodes.second));
    showsThatHeCreated(
        nodes.second, NodeId.random()); // As who may have created it, for all that is known.
    assertEquals(Role.CONTESTED, role(nodes.second));
  }

  private void showsThatHeCreated(MemoryNode to, NodeId creator) throws Exception {
    List<SignedGrant> signed = new ArrayList<>();
    for (long epoch = 0; epoch < 3; epoch++) {
      signed.add(
          SignedGrant.by(
              TestCredentials.of(creator),
              new Grant(
                  volume, epoch, creator, creator, UUID.randomUUID(), new Guid(0), Instant.now())));
    }
    ConfirmRequest question =
        ConfirmRequest.showing(
            Tenure.of(signed.getLast().grant()), GrantDocument.of(new GrantChain(signed)));
    var _ = to.confirmation.answer(creator, volume, question);
  }

  /** An operator made it the owner, say, and this node lost the state folder that proves it. */
  @Test
  void nobodyWritesBesideAPeerThatSaysThatItWrites() throws Exception {
    own(nodes.first, 3);
    own(nodes.second, 2);
    unmount(volume);

    assertTrue(nodes.first.mount());

    Volume waiting = nodes.first.catalog.require(volume);
    assertFalse(waiting.dataset().isMounted());
    assertEquals(State.UNCONFIRMED, nodes.first.mounter.status(waiting).state());
    assertTrue(
        nodes.first.mounter.status(waiting).reason().orElse("").contains("owns it itself"),
        () -> nodes.first.mounter.status(waiting).toString());
  }

  @Test
  void whatIsGivenIsMountedOnceEverybodyWhoMayTakeOverHasAnswered() throws Exception {
    MemoryNode third = nodes.another("third");
    nodes.second.learn(third);
    boolean _ = nodes.second.peers.put(maybeOwner(third));
    nodes.second.links.breaks("confirm", away());

    var _ = nodes.handOff(volume);

    Volume given = nodes.second.catalog.require(volume);
    assertEquals(Role.OWNER, given.role());
    assertFalse(given.dataset().isMounted());
    nodes.second.links.heal();
    third.learn(nodes.second);
    assertFalse(nodes.second.mount());
    MemoryPair.assertWriter(nodes.second, volume, 1);
    third.confirmer.close();
  }

  @Test
  void whatIsNotConfirmedIsNotHandedOffEither() throws Exception {
    letTakeOver();
    unmount(volume);
    MemoryNode next = nodes.first.successor(nodes.second, SHORT);
    next.links.breaks("confirm", away());

    FailureException refused =
        assertFails(
            OwnershipFailure.PEERS_UNANSWERED,
            () ->
                next.handoff.run(
                    volume,
                    nodes.second.id,
                    InitialReplication.ALL,
                    Condition.NONE,
                    new RecordingContext()));

    assertTrue(refused.detail().contains("default.db is not mounted yet"), refused::detail);
    assertFalse(next.catalog.require(volume).dataset().isMounted());
  }

  @Test
  void anIdOfOnesOwnNeedsTheWordOfWhoMayTakeOver() throws Exception {
    letTakeOver();
    nodes.first.links.breaks("confirm", away());
    VolumeName name = VolumeName.parse("default.mine");

    FailureException refused =
        assertFails(
            OwnershipFailure.PEERS_UNANSWERED,
            () -> nodes.first.volumes.create(name, Optional.of(VolumeId.random()), 0));

    assertEquals(nodes.second.id, refused.members().get("node"));
    assertEquals(Optional.empty(), nodes.first.catalog.find(name));
    var _ = nodes.first.volumes.create(name, Optional.empty(), 0);
  }

  /** A first use is the word of one node: were it remembered, the owner could not go on. */
  @Test
  void anEpochThatALiarMadeUpIsNotRemembered() throws Exception {
    VolumeId unknown = VolumeId.random();
    Dataset copy = nodes.second.catalog.require(volume).dataset();
    OwnershipRecord theirs = copy.record().orElseThrow();
    nodes.second.fake.setRecord(
        copy.name(),
        new OwnershipRecord(
            unknown,
            900,
            nodes.first.id,
            OwnershipState.OWNED,
            UUID.randomUUID(),
            theirs.finalSnapshot(),
            theirs.dataset()));

    nodes.second.catalog.lookAround();

    assertEquals(Role.REPLICA, nodes.second.catalog.require(unknown).role());
    assertEquals(0, nodes.second.epochs.highest(unknown));
  }

  /** The record says so, and nothing proves it. */
  private void own(MemoryNode node, long epoch) throws FailureException {
    record(node, node.id, epoch, OwnershipState.OWNED);
  }

  private void record(MemoryNode node, NodeId owner, long epoch, OwnershipState state)
      throws FailureException {
    Dataset here = node.catalog.require(volume).dataset();
    OwnershipRecord before = here.record().orElseThrow();
    node.fake.setRecord(
        here.name(),
        new OwnershipRecord(
            volume,
            epoch,
            owner,
            state,
            UUID.randomUUID(),
            before.finalSnapshot(),
            before.dataset()));
    node.catalog.lookAround();
  }

  private static FailureException away() {
    return TransferFailure.PEER_UNREACHABLE.because("connection refused");
  }

  private static Peer maybeOwner(MemoryNode node) {
    return new Peer(node.id, List.of(Address.parse("localhost:1")), Takeover.MANUAL);
  }

  private void letTakeOver() throws FailureException {
    boolean _ = nodes.first.peers.put(maybeOwner(nodes.second));
  }

  private void unmount(VolumeId id) throws FailureException {
    nodes.first.fake.unmount(nodes.first.catalog.require(id).dataset().name());
  }

  /** The first node as it was before it gave the volume away. */
  private MemoryNode restored(Volume before, Duration wait) throws Exception {
    MemoryNode back = nodes.first.restored(nodes.second, before, wait);
    back.catalog.lookAround();
    return back;
  }

  private void push(MemoryNode from) throws Exception {
    var _ =
        from.push.run(
            volume,
            nodes.second.id,
            true,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());
  }

  private Role role(MemoryNode node) throws FailureException {
    return node.catalog.require(volume).role();
  }

  private Word word(MemoryNode node) throws FailureException {
    UUID operation = node.catalog.known(volume).getFirst().operation().orElseThrow();
    List<Word> words = node.parts.confirmations().of(volume, operation);
    assertEquals(1, words.size(), words::toString);
    return words.getFirst();
  }

  private static boolean isConfirmed(MemoryNode node, MemoryNode by, VolumeId id)
      throws FailureException {
    UUID operation = node.catalog.known(id).getFirst().operation().orElseThrow();
    return node.parts.confirmations().has(id, operation, by.id);
  }

  private interface Expectation {
    boolean holds() throws Exception;
  }

  private static void await(Expectation expected) throws Exception {
    while (!expected.holds()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
