package io.flocker.transfer.takeover;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.replicate.policy.LostPolicies;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.VolumeView;
import io.flocker.transfer.takeover.Takeover.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first node owns the volume and is gone; the second one has a copy. */
class TakeoverTest {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Principal CALLER = new Principal.User("operator");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final Credentials operator = TestCredentials.operator();
  private VolumeId volume;
  private Takeover takeover;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    takeover = at(nodes.second, InstantSource.system());
  }

  private static Takeover at(MemoryNode node, InstantSource clock) {
    return new Takeover(node.parts, node.links, clock);
  }

  private void lose() {
    nodes.second.links.breaks(moment -> {
      throw TransferFailure.PEER_UNREACHABLE.because("no route to it");
    });
  }

  private SignedGrant propose() throws Exception {
    return sign(takeover.propose(volume, Reason.OWNER_GONE, Set.of(nodes.first.id)));
  }

  private SignedGrant sign(TakeoverProposal proposal) {
    return SignedGrant.by(operator, Grant.parse(proposal.text()));
  }

  private Volume take(SignedGrant signed) throws Exception {
    return takeover.take(CALLER, volume, Reason.OWNER_GONE, signed, Set.of(nodes.first.id));
  }

  @Test
  void whoIsFencedIsNotWaitedForUntilTheDaemonEnds() throws Exception {
    mayTakeOver(nodes.first);
    lose();
    SignedGrant signed = propose();
    var _ = take(signed);
    boolean isAnyLeft = nodes.second.mounter.mountWanted();
    assertFalse(isAnyLeft);
    assertOwner(nodes.second, volume, 1);

    nodes.second.fake.unmount(nodes.second.catalog.require(volume).dataset().name());
    MemoryNode next = nodes.second.successor(nodes.first, Duration.ofMillis(1));
    next.links.breaks(moment -> {
      throw TransferFailure.PEER_UNREACHABLE.because("no route to it");
    });
    assertTrue(next.mount());
    Volume waiting = next.catalog.require(volume);
    assertFalse(waiting.dataset().isMounted());
    assertEquals(MountStatus.State.UNCONFIRMED, next.mounter.status(waiting).state());

    takeover = at(next, InstantSource.system());
    var _ = take(signed);
    boolean _ = next.mounter.mountWanted();
    assertOwner(next, volume, 1);
  }

  /** Its state folder knows the epoch of that order, and that it is this order's. */
  @Test
  void theSameOrderCountsAgainWhereThePoolWentBack() throws Exception {
    lose();
    SignedGrant signed = propose();
    var _ = take(signed);
    goBack();
    var _ = take(signed);
    nodes.heal();
    boolean _ = nodes.second.mounter.mountWanted();
    assertOwner(nodes.second, volume, 1);
    assertEquals(Role.SUPERSEDED, nodes.first.catalog.require(volume).role());

    goBack();
    var _ = take(signed);
    boolean _ = nodes.second.mounter.mountWanted();
    assertOwner(nodes.second, volume, 1);
    assertEquals(Role.SUPERSEDED, nodes.first.catalog.require(volume).role());
  }

  @Test
  void whereThePoolWentBackNeitherAnotherOrderOfThatEpochCountsNorOneThatIsOvertaken()
      throws Exception {
    lose();
    SignedGrant other = propose();
    SignedGrant signed = propose();
    var _ = take(signed);
    goBack();
    assertRefused(other);
    nodes.heal();
    nodes.second.links.distortViews(view -> withoutOwner(view, 1));
    assertRefused(signed); // Somebody knows that epoch, and not that it is this node's.
    nodes.heal();
    lose();
    nodes.second.epochs.observe(volume, 2);
    assertRefused(signed);
    var _ = take(propose());
    boolean _ = nodes.second.mounter.mountWanted();
    assertOwner(nodes.second, volume, 3);
  }

  /** The taker acquired and its pool went back: each node says that the other one owns it. */
  @Test
  void whereTheTakersPoolWentBackAfterAHandoffTheGiverTakesItAndTheTakerIsSentThere()
      throws Exception {
    var _ = nodes.handOff(volume);
    goBack();
    assertReplica(nodes.first, volume, nodes.second, 1);
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertEquals(0, nodes.first.delivery.recover());
    FailureException refusal =
        assertFails(
            OwnershipFailure.STALE_EPOCH,
            () -> takeover.propose(volume, Reason.OWNER_GONE, Set.of()));
    assertTrue(
        refusal.detail().contains("Take the volume over on node " + nodes.first.id),
        refusal::detail);
    var _ = takeover.propose(volume, Reason.OWNER_GONE, Set.of(nodes.first.id));
    Takeover giver = at(nodes.first, InstantSource.system());
    SignedGrant signed = sign(giver.propose(volume, Reason.OWNER_GONE, Set.of()));
    var _ = giver.take(CALLER, volume, Reason.OWNER_GONE, signed, Set.of());
    boolean _ = nodes.first.mounter.mountWanted();
    assertOwner(nodes.first, volume, 2);
    var _ = nodes.push(volume);
    assertReplica(nodes.second, volume, nodes.first, 2);
  }

  @Test
  void theSameOrderDoesNotCountAgainWhereAnotherNodeHasALaterCopy() throws Exception {
    lose();
    SignedGrant signed = propose();
    var _ = take(signed);
    goBack();
    nodes.heal();
    nodes.second.links.distortViews(this::copyOfSecond);
    FailureException refusal =
        assertFails(
            OwnershipFailure.STALE_EPOCH,
            () -> takeover.take(CALLER, volume, Reason.OWNER_GONE, signed, Set.of()));
    assertTrue(refusal.detail().contains("Take the volume over on node "), refusal::detail);
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  private void assertRefused(SignedGrant signed) throws Exception {
    FailureException refusal = assertFails(OwnershipFailure.STALE_EPOCH, () -> take(signed));
    assertTrue(refusal.detail().contains("ask for a new one"), refusal::detail);
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  /** The pool of the second node, not its state folder, is that of the day before the takeover. */
  private void goBack() throws Exception {
    Dataset owned = nodes.second.catalog.require(volume).dataset();
    if (owned.isMounted()) {
      nodes.second.fake.unmount(owned.name());
    }
    String before = owned.name().replace(nodes.second.id.toString(), nodes.first.id.toString());
    if (!owned.name().equals(before)) {
      nodes.second.fake.rename(owned.name(), before);
    }
    nodes.second.recordFirstOwner(before, volume, nodes.first.id);
    nodes.second.catalog.lookAround();
  }

  @Test
  void thePolicyGoesOnThatTheOwnerHasToldItsCopiesLast() throws Exception {
    NodeId third = NodeId.random();
    Policy said = new Policy(List.of(nodes.second.id, third), Duration.ofMinutes(5), PAUSE);
    nodes.first.policies.set(volume, Optional.of(new OwnPolicy(said, true)));
    var _ = nodes.push(volume);
    lose();

    var _ = take(propose());

    assertEquals(
        Optional.of(new OwnPolicy(said.at(List.of(nodes.first.id, third)), true)),
        nodes.second.policies.own(volume));
    assertEquals(List.of(), lost());
  }

  @Test
  void whatTheOwnerTookBackBeforeItWasGoneDoesNotGoOn() throws Exception {
    nodes.first.policies.put(volume, Policy.to(List.of(nodes.second.id)));
    var _ = nodes.push(volume);
    nodes.first.policies.remove(volume);
    var _ = nodes.push(volume);
    lose();

    var _ = take(propose());

    assertEquals(Optional.empty(), nodes.second.policies.own(volume));
  }

  @Test
  void aVolumeOfWhichNoPolicyIsKnownIsToldOfUntilSomebodySaysOne() throws Exception {
    assertEquals(List.of(), lost());
    lose();
    var _ = take(propose());

    assertEquals(List.of(VolumeName.parse("default.db")), lost());

    nodes.second.policies.put(volume, Policy.to(List.of()));
    assertEquals(List.of(), lost());
  }

  private List<VolumeName> lost() throws FailureException {
    return new LostPolicies(
            nodes.second.catalog, nodes.second.parts.memory().grants(), nodes.second.policies)
        .list().stream().map(VolumeHead::name).toList();
  }

  private void mayTakeOver(MemoryNode owner) throws Exception {
    boolean _ =
        nodes.second.peers.put(
            new Peer(
                owner.id,
                List.of(Address.parse("localhost:1")),
                io.flocker.core.peer.Takeover.MANUAL));
  }

  @Test
  void theOwnerThatComesBackIsPutOut() throws Exception {
    lose();
    var _ = take(propose());
    nodes.heal();

    boolean _ = nodes.second.mounter.mountWanted();

    assertOwner(nodes.second, volume, 1);
    Volume old = nodes.first.catalog.require(volume);
    assertEquals(Role.SUPERSEDED, old.role());
    assertEquals(nodes.second.id, old.owner());
    assertFalse(old.dataset().isMounted());
    Volume aside = at(nodes.first, InstantSource.system()).setAside(volume, nodes.second.id);
    assertTrue(aside.isSetAside());
    assertEquals(Optional.empty(), nodes.first.catalog.find(volume));
  }

  @Test
  void whoDidNotAnswerAndIsNotFencedStopsIt() throws Exception {
    lose();
    assertFails(
        OwnershipFailure.PEERS_UNANSWERED,
        () -> takeover.propose(volume, Reason.OWNER_GONE, Set.of()));
    SignedGrant signed = propose();
    assertFails(
        OwnershipFailure.PEERS_UNANSWERED,
        () -> takeover.take(CALLER, volume, Reason.OWNER_GONE, signed, Set.of()));
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void whoAnswersAsTheOwnerKeepsItsVolumeThoughItIsCalledFenced() throws Exception {
    lose();
    SignedGrant signed = propose();
    nodes.heal();
    assertFails(OwnershipFailure.OWNER_ANSWERS, this::propose);
    assertFails(OwnershipFailure.OWNER_ANSWERS, () -> take(signed));
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertOwner(nodes.first, volume, 0);
  }

  @Test
  void anOwnerThatIsNoPeerAnyMoreHasToBeFencedToo() throws Exception {
    nodes.second.peers.remove(nodes.first.id);
    lose();
    assertFails(
        OwnershipFailure.PEERS_UNANSWERED,
        () -> takeover.propose(volume, Reason.OWNER_GONE, Set.of()));
  }

  @Test
  void nothingCountsButAUsersSignatureOfThisVeryText() throws Exception {
    lose();
    Grant grant = propose().grant();
    Grant elsewhere = grant(grant, VolumeId.random(), nodes.second.id, grant.at());
    Grant toAnother = grant(grant, volume, NodeId.random(), grant.at());
    for (SignedGrant nothing :
        List.of(
            SignedGrant.by(TestCredentials.of(nodes.first.id), grant),
            SignedGrant.by(TestCredentials.of(nodes.second.id), grant),
            SignedGrant.by(operator, elsewhere),
            SignedGrant.by(operator, toAnother),
            new SignedGrant(
                grant,
                SignedGrant.by(operator, grant).signer(),
                SignedGrant.by(operator, toAnother).signature()))) {
      assertFails(OwnershipFailure.NOT_GRANTED, () -> take(nothing));
    }
    Instant old = grant.at().minus(Duration.ofHours(2));
    SignedGrant late =
        SignedGrant.by(operator, grant(grant, volume, nodes.second.id, grant.at().minusSeconds(7)));
    takeover = at(nodes.second, InstantSource.fixed(old));
    assertFails(OwnershipFailure.STALE_EPOCH, () -> take(late));
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  private static Grant grant(Grant like, VolumeId lineage, NodeId to, Instant at) {
    return new Grant(
        lineage, like.epoch(), like.from(), to, like.operation(), like.finalSnapshot(), at);
  }

  @Test
  void theEpochIsAboveAllThatIsKnownAndCanBeTrue() throws Exception {
    for (long told : List.of(7L, Epochs.MOST_AHEAD - 1)) {
      nodes.second.links.distortViews(view -> withoutOwner(view, told));
      TakeoverProposal proposal = takeover.propose(volume, Reason.OWNER_GONE, Set.of());
      assertEquals(told + 1, proposal.epoch());
    }
    nodes.second.links.distortViews(view -> withoutOwner(view, Epochs.MOST_AHEAD));
    assertEquals(1, takeover.propose(volume, Reason.OWNER_GONE, Set.of()).epoch());
    SignedGrant signed = sign(takeover.propose(volume, Reason.OWNER_GONE, Set.of()));
    nodes.second.links.distortViews(view -> withoutOwner(view, 1));
    assertFails(
        OwnershipFailure.STALE_EPOCH,
        () -> takeover.take(CALLER, volume, Reason.OWNER_GONE, signed, Set.of()));
  }

  /** After it no peer would follow, and after the last epoch there could be no other owner. */
  @Test
  void noUserSignsAnEpochThatIsFarAhead() throws Exception {
    lose();
    Grant proposed = propose().grant();
    for (long epoch : List.of(Epochs.MOST_AHEAD + 1, OwnershipRecord.MAX_EPOCH)) {
      Grant ahead =
          new Grant(
              volume,
              epoch,
              proposed.from(),
              proposed.to(),
              proposed.operation(),
              proposed.finalSnapshot(),
              proposed.at());
      assertFails(OwnershipFailure.EPOCH_BEYOND_REACH, () -> take(SignedGrant.by(operator, ahead)));
    }
    assertReplica(nodes.second, volume, nodes.first, 0);
    var _ = take(SignedGrant.by(operator, proposed));
  }

  private VolumeView copyOfSecond(VolumeView view) {
    return new VolumeView(
        true,
        Optional.of(Role.REPLICA),
        Optional.of(nodes.second.id),
        1,
        1,
        view.dataset(),
        view.snapshots(),
        view.resumeToken(),
        view.capabilities(),
        view.freeBytes(),
        view.arriving());
  }

  private static VolumeView withoutOwner(VolumeView view, long highest) {
    return new VolumeView(
        false,
        Optional.empty(),
        Optional.empty(),
        0,
        highest,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        view.capabilities(),
        view.freeBytes(),
        Optional.empty());
  }

  @Test
  void whatCameSinceTheProposalIsNotLost() throws Exception {
    lose();
    SignedGrant signed = propose();
    nodes.heal();
    var _ = nodes.push(volume);
    lose();
    assertFails(OwnershipFailure.NOT_RELEASED, () -> take(signed));
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  /**
   * A liar may bring a volume of his own, under this one's id, to a node that never heard of it,
   * and grant it to that node: it is its honest owner then, and so is who owns this one.
   */
  @Test
  void twoOwnersWhoDoNotConvinceEachOtherAreEndedByAnOperator() throws Exception {
    Dataset copy = nodes.second.catalog.require(volume).dataset();
    OwnershipRecord theirs = copy.record().orElseThrow();
    nodes.second.fake.setRecord(
        copy.name(),
        new OwnershipRecord(
            volume,
            1,
            nodes.second.id,
            OwnershipState.OWNED,
            UUID.randomUUID(),
            theirs.finalSnapshot(),
            theirs.dataset()));
    nodes.second.catalog.lookAround();
    nodes.first.fake.unmount(nodes.first.catalog.require(volume).dataset().name());
    assertTrue(nodes.first.mount());
    String why =
        nodes.first.mounter.status(nodes.first.catalog.require(volume)).reason().orElse("");
    assertTrue(why.contains("node " + nodes.second.id + " owns it itself, at epoch 1"), why);
    assertTrue(why.contains("flocker volume resolve"), why);

    Takeover kept = at(nodes.first, InstantSource.system());
    SignedGrant signed = sign(kept.propose(volume, Reason.CONTEST, Set.of()));
    assertEquals(2, signed.grant().epoch());
    var _ = kept.take(CALLER, volume, Reason.CONTEST, signed, Set.of());
    assertFalse(nodes.first.mount());

    assertOwner(nodes.first, volume, 2);
    assertEquals(Role.SUPERSEDED, nodes.second.catalog.require(volume).role());
    assertTrue(takeover.setAside(volume, nodes.first.id).isSetAside());
    assertFails(OwnershipFailure.OWNED_HERE, () -> kept.propose(volume, Reason.CONTEST, Set.of()));
  }

  /** He has confirmed this one, say, so that it goes on, and has created the same one himself. */
  @Test
  void whoOwnsWhatIsContestedElsewhereMayBeKept() throws Exception {
    Dataset copy = nodes.second.catalog.require(volume).dataset();
    OwnershipRecord theirs = copy.record().orElseThrow();
    nodes.second.fake.setRecord(
        copy.name(),
        new OwnershipRecord(
            volume,
            0,
            nodes.second.id,
            OwnershipState.CONTESTED,
            UUID.randomUUID(),
            theirs.finalSnapshot(),
            theirs.dataset()));
    nodes.second.catalog.lookAround();

    Takeover kept = at(nodes.first, InstantSource.system());
    SignedGrant signed = sign(kept.propose(volume, Reason.CONTEST, Set.of()));
    var _ = kept.take(CALLER, volume, Reason.CONTEST, signed, Set.of());
    assertFalse(nodes.first.mount());

    assertOwner(nodes.first, volume, 1);
    assertTrue(takeover.setAside(volume, nodes.first.id).isSetAside());
  }

  /** Else there were no way on but to take the peer out. */
  @Test
  void whoWaitsForAPeerThatIsGoneIsToldThatItCannotWrite() throws Exception {
    MemoryNode first = nodes.first.successor(nodes.second, Duration.ofMillis(50));
    boolean _ =
        first.peers.put(
            new Peer(
                nodes.second.id,
                List.of(Address.parse("localhost:1")),
                io.flocker.core.peer.Takeover.MANUAL));
    Takeover here = at(first, InstantSource.system());
    assertFails(
        OwnershipFailure.OWNED_HERE,
        () -> here.propose(volume, Reason.OWNER_GONE, Set.of(nodes.second.id)));
    first.fake.unmount(first.catalog.require(volume).dataset().name());
    first.links.breaks(moment -> {
      throw TransferFailure.PEER_UNREACHABLE.because("no route to it");
    });
    assertTrue(first.mount());
    assertFails(
        OwnershipFailure.PEERS_UNANSWERED, () -> here.propose(volume, Reason.OWNER_GONE, Set.of()));

    Set<NodeId> fenced = Set.of(nodes.second.id);
    SignedGrant signed = sign(here.propose(volume, Reason.OWNER_GONE, fenced));
    var _ = here.take(CALLER, volume, Reason.OWNER_GONE, signed, fenced);
    assertFalse(first.mount());
    assertOwner(first, volume, 1);
  }

  @Test
  void whatIsNotDisputedIsNotResolved() throws Exception {
    assertFails(
        OwnershipFailure.NOT_SUPERSEDED, () -> takeover.propose(volume, Reason.CONTEST, Set.of()));
    assertFails(
        OwnershipFailure.OWNED_HERE,
        () -> at(nodes.first, InstantSource.system()).propose(volume, Reason.OWNER_GONE, Set.of()));
    assertFails(OwnershipFailure.NOT_SUPERSEDED, () -> takeover.setAside(volume, nodes.first.id));
  }
}
