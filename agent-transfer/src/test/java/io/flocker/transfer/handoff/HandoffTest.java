package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static io.flocker.transfer.node.MemoryPair.lose;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.Holder;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.VolumeView;
import io.flocker.transfer.push.PushForecast;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.push.SentStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HandoffTest {
  private final FailureException refusal = StorageFailure.ZFS_FAILED.because("no");
  private final FailureException unanswered = StorageFailure.ZFS_TIMEOUT.because("late");
  private static final Holder WRITER = new Holder(7, "mongod", "fd/3");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
  }

  @Test
  void theNewOwnerGoesOnWithThePolicyAndSoDoesTheOldOneAfterIt() throws Exception {
    NodeId third = NodeId.random();
    Policy said =
        new Policy(
            List.of(nodes.second.id, third),
            Duration.ofMinutes(5),
            Duration.ofSeconds(2),
            InitialReplication.LATEST,
            RetentionRules.ofLast(3),
            Optional.of(RetentionRules.ofLast(9)));
    nodes.first.policies.put(volume, said);

    var _ = nodes.handOff(volume);

    assertEquals(
        List.of(nodes.first.id, third),
        nodes.second.policies.own(volume).orElseThrow().policy().peers());
    assertEquals(Optional.empty(), nodes.first.policies.own(volume), "the owner's count");

    var _ =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());

    assertEquals(Optional.of(new OwnPolicy(said, false)), nodes.first.policies.own(volume));
    assertEquals(Optional.empty(), nodes.second.policies.own(volume));
  }

  /** Refused by the peer for it, after the release, the volume would be nobody's. */
  @Test
  void moreThanAPeerTakesOfWhatIsWrittenStaysBehind() throws Exception {
    Map<String, String> written =
        IntStream.range(10, 27).boxed().collect(toMap(i -> "key" + i, i -> "value"));
    written.put("long", "x".repeat(257));
    written.put("", "nameless");
    nodes.first.register.describe(volume, written);

    var _ = nodes.handOff(volume);

    Map<String, String> taken = nodes.second.register.metadata(volume);
    assertEquals(16, taken.size());
    assertTrue(taken.keySet().stream().allMatch(key -> key.startsWith("key")), taken::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("I28 a peer that has not loaded the key of its copy is given nothing")
  void aPeerThatCannotReadItsCopyIsGivenNothing(boolean isAtRest) throws Exception {
    String copy = nodes.first.catalog.require(volume).dataset().name();
    String there = copy.replace(nodes.first.fake.poolName(), nodes.second.fake.poolName());
    nodes.second.fake.lock(there);

    for (String _ : List.of("the first copy", "one that is there")) {
      assertFails(
          StorageFailure.KEY_UNAVAILABLE,
          () -> {
            if (isAtRest) {
              var _ =
                  nodes.first.handoff.runAtRest(
                      volume, nodes.second.id, InitialReplication.ALL, new RecordingContext());
            } else {
              var _ = nodes.handOff(volume);
            }
          });
      assertOwner(nodes.first, volume, 0);
      assertTrue(nodes.first.catalog.require(volume).dataset().isMounted());
    }
    nodes.second.fake.unlock(there);
    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void whatTheWishSaidIsKnownAsThatAtTheNewOwnerSoThatALaterWishTakesItAway() throws Exception {
    Policy said = Policy.to(List.of(nodes.second.id));
    nodes.first.policies.set(volume, Optional.of(new OwnPolicy(said, true)));

    var _ = nodes.handOff(volume);

    assertEquals(
        Optional.of(new OwnPolicy(Policy.to(List.of(nodes.first.id)), true)),
        nodes.second.policies.own(volume));
    nodes.second.policies.unwish(volume);
    assertEquals(Optional.empty(), nodes.second.policies.own(volume));
  }

  @Test
  void aPolicyOfTheNamespaceYieldsToTheNewOwnersOwn() throws Exception {
    Policy here = Policy.to(List.of(nodes.second.id));
    nodes.first.policies.putNamespace("default", here, Policies.Condition.NONE);
    VolumeId other = nodes.first.create("default.other").id();

    var _ = nodes.handOff(volume);
    Policy there = Policy.to(List.of(NodeId.random()));
    nodes.second.policies.putNamespace("default", there, Policies.Condition.NONE);
    var _ = nodes.handOff(other);

    assertEquals(
        List.of(nodes.first.id), nodes.second.policies.own(volume).orElseThrow().policy().peers());
    assertEquals(Optional.empty(), nodes.second.policies.own(other));
  }

  /** A copy's push that gave way was cut, and the peer is not done with what it got of it. */
  @Test
  void waitsForWhatWasCutToEndAtThePeer() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("view") && looks.incrementAndGet() < 3) {
        throw OwnershipFailure.VOLUME_LOCKED.because("a transfer is bringing it just now");
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertTrue(looks.get() >= 3);
  }

  @Test
  void makesThePeerTheOwner() throws Exception {
    HandoffResult result = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    Snapshot last = latest(nodes.first, volume);
    assertTrue(last.name().contains(".handoff."), last.name());
    assertEquals(last.guid(), latest(nodes.second, volume).guid());
    assertEquals(
        new HandoffResult(
            nodes.second.id,
            1,
            last.guid(),
            Optional.of(nodes.folder.resolve("second/mounts/default.db").toString()),
            result.streams()),
        result);
    assertEquals(
        List.of("full", "incremental"), result.streams().stream().map(SentStream::kind).toList());
    assertEquals(
        result.streams().stream().mapToLong(SentStream::bytes).sum(),
        result.toMembers().get("bytes"));
  }

  /** Else nobody could prove any more who created it: the record of epoch 0 is gone. */
  @Test
  void whoCreatedTheVolumeIsSignedBeforeItIsGivenAway() throws Exception {
    nodes.first.peers.remove(nodes.second.id); // There is nobody yet to whom it would be shown.
    Volume alone = nodes.first.create("default.alone");
    nodes.first.learn(nodes.second);
    assertEquals(Optional.empty(), creation(nodes.first, alone));

    var _ = nodes.handOff(alone.id());

    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      Grant creation = creation(node, alone).orElseThrow();
      assertEquals(nodes.first.id, creation.from());
      assertEquals(
          alone.dataset().record().map(OwnershipRecord::operation),
          Optional.of(creation.operation()));
      assertTrue(creation.isOfFreshId());
    }
  }

  private static Optional<Grant> creation(MemoryNode node, Volume of) throws FailureException {
    return node.parts.memory().grants().creation(of.id()).map(SignedGrant::grant);
  }

  @Test
  void takesEveryStepInItsOrder() throws Exception {
    List<String> steps = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((method, arguments) -> steps.add(step("here", method, arguments)));
    nodes.second.pool.breaks((method, arguments) -> steps.add(step("there", method, arguments)));
    nodes.first.links.breaks(steps::add);
    RecordingContext context = new RecordingContext();

    var _ = nodes.handOff(volume, context);

    assertInOrder(
        steps,
        "prepare",
        "here takeSnapshot",
        "announce",
        "there receive",
        "here mountWritable",
        "here unmount",
        "here setReadonly true",
        "here takeSnapshot",
        "announce",
        "view",
        "here setRecord",
        "acquire",
        "there setRecord",
        "there rename",
        "there mountWritable",
        "acquire answered",
        "here setRecord",
        "here rename");
    assertInOrder(
        context.phases, "preparing", "sending", "quiescing", "sending", "commit", "acquiring");
  }

  private static String step(String where, String method, Object[] arguments) {
    return where + " " + method + (method.equals("setReadonly") ? " " + arguments[1] : "");
  }

  private static void assertInOrder(List<String> all, String... wanted) {
    int next = 0;
    for (String step : all) {
      if (next < wanted.length && step.equals(wanted[next])) {
        next++;
      }
    }
    assertEquals(wanted.length, next, "not in this order: " + List.of(wanted) + " in " + all);
  }

  @Test
  void comesBackWithWhatWasChangedThere() throws Exception {
    var _ = nodes.handOff(volume);
    Snapshot theirs =
        nodes.second.catalog.snapshots().take(nodes.second.catalog.require(volume), "new");

    HandoffResult back =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());

    assertEquals(2, back.epoch());
    assertOwner(nodes.first, volume, 2);
    assertReplica(nodes.second, volume, nodes.first, 2);
    assertTrue(nodes.first.catalog.require(volume).dataset().snapshot(theirs.guid()).isPresent());
  }

  @Test
  void whatIsKeptForPeersIsTheNewOwnersAffair() throws Exception {
    NodeId third = NodeId.random();
    var _ = nodes.push(volume);
    Guid base = latest(nodes.first, volume).guid();
    var _ = nodes.first.cursors.move(volume, third, base);

    HandoffResult result = nodes.handOff(volume);

    assertEquals(Map.of(), nodes.first.cursors.of(volume));
    assertEquals(
        Map.of(third, base, nodes.first.id, result.finalSnapshot()),
        nodes.second.cursors.of(volume));
    for (Snapshot snapshot : nodes.first.catalog.require(volume).dataset().snapshots()) {
      String dataset = nodes.first.catalog.require(volume).dataset().name();
      assertEquals(0, nodes.first.fake.holds(dataset, snapshot.name()).size(), snapshot.name());
    }
  }

  @Test
  void whoeverUsesTheVolumeKeepsItAndItsMount() throws Exception {
    nodes.first.usersBefore.add(WRITER);

    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_IN_USE, () -> nodes.handOff(volume));

    assertEquals(List.of(WRITER), refusal.members().get("holders"));
    assertTrue(refusal.detail().contains("mongod (pid 7, fd/3)"), refusal.detail());
    assertFalse(nodes.first.fake.changes().stream().anyMatch(step -> step.startsWith("unmount")));
    assertOwner(nodes.first, volume, 0);
    assertFree();
  }

  @Test
  void aWriterWhoseMountWasDetachedLazilyKeepsTheVolumeHere() throws Exception {
    nodes.first.usersAfter.add(WRITER);

    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_IN_USE, () -> nodes.handOff(volume));

    assertEquals(List.of(WRITER), refusal.members().get("holders"));
    assertTrue(nodes.first.fake.changes().stream().anyMatch(step -> step.startsWith("unmount")));
    assertOwner(nodes.first, volume, 0);
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertFree();
  }

  @Test
  void whoeverComesBetweenTheSearchAndTheUnmountIsNamed() throws Exception {
    nodes.first.pool.breaks((method, _) -> {
      if (method.equals("unmount")) {
        nodes.first.usersBefore.add(WRITER);
        throw StorageFailure.DATASET_BUSY.because("busy");
      }
    });

    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_IN_USE, () -> nodes.handOff(volume));

    assertEquals(List.of(WRITER), refusal.members().get("holders"));
    assertOwner(nodes.first, volume, 0);
  }

  @Test
  void aBusyDatasetWithoutAnyUserIsToldAsBusy() throws Exception {
    nodes.first.pool.breaks("unmount", StorageFailure.DATASET_BUSY.because("busy"));

    assertFails(StorageFailure.DATASET_BUSY, () -> nodes.handOff(volume));

    assertOwner(nodes.first, volume, 0);
  }

  @Test
  void aPeerThatCannotWriteDownWhatItTakesIsGivenNothing() throws Exception {
    Files.createDirectories(nodes.folder.resolve("second/proof.new/in-the-way"));

    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> nodes.handOff(volume));

    assertFalse(nodes.first.fake.changes().stream().anyMatch(step -> step.startsWith("unmount")));
    assertOwner(nodes.first, volume, 0);
  }

  @Test
  void nobodyCanWriteWhereTheVolumeWas() throws Exception {
    Path mountpoint = nodes.first.home.mountpoint(VolumeName.parse("default.db"));
    assertTrue(Files.exists(mountpoint));
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));

    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));

    assertFalse(Files.exists(mountpoint));
  }

  @Test
  void goesNoFurtherWhereThePeersLatestIsNotTheFinalSnapshot() throws Exception {
    AtomicInteger views = new AtomicInteger();
    nodes.first.links.distortViews(
        view -> views.incrementAndGet() == 3 ? without(view, view.snapshots().size() - 1) : view);

    FailureException failure = assertFails(TransferFailure.WRONG_GUID, () -> nodes.handOff(volume));

    assertTrue(failure.detail().contains("not the final"), failure.detail());
    assertOwner(nodes.first, volume, 0);
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void goesNoFurtherWhereThePeerHasNoSnapshotAtAll() throws Exception {
    AtomicInteger views = new AtomicInteger();
    nodes.first.links.distortViews(view -> views.incrementAndGet() == 3 ? without(view, 0) : view);

    FailureException failure = assertFails(TransferFailure.WRONG_GUID, () -> nodes.handOff(volume));

    assertTrue(failure.detail().contains("none"), failure.detail());
    assertOwner(nodes.first, volume, 0);
  }

  /** With only its first {@code kept} snapshots. */
  private static VolumeView without(VolumeView view, int kept) {
    return new VolumeView(
        view.exists(),
        view.role(),
        view.owner(),
        view.epoch(),
        view.highestEpoch(),
        view.dataset(),
        view.snapshots().subList(0, kept),
        view.resumeToken(),
        view.capabilities(),
        view.freeBytes(),
        view.arriving());
  }

  @Test
  void aDatasetThatDoesNotBecomeReadOnlyIsGivenBack() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (method.equals("setReadonly")) {
        nodes.first.fake.setReadonly((String) arguments[0], false);
      }
    });
    nodes.first.pool.swallow("setReadonly");

    FailureException failure = assertFails(StorageFailure.ZFS_FAILED, () -> nodes.handOff(volume));

    assertTrue(failure.detail().contains("not read-only"), failure.detail());
    assertOwner(nodes.first, volume, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"preparing", "planning", "sending", "quiescing", "commit"})
  void endsBeforeItsCommitWhereItIsCancelled(String phase) throws Exception {
    RecordingContext context = new RecordingContext().cancelAt(phase);

    assertFails(TransferFailure.CANCELLED, () -> nodes.handOff(volume, context));

    assertOwner(nodes.first, volume, 0);
    assertFree();
    var _ = nodes.handOff(volume);
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void aReleaseThatIsRefusedGivesTheVolumeBack() throws Exception {
    breakRelease(refusal);

    assertFails(StorageFailure.ZFS_FAILED, () -> nodes.handOff(volume));

    assertOwner(nodes.first, volume, 0);
    assertEquals(0, nodes.first.delivery.recover());
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void aReleaseThatMayStillComeLeavesNoWriter() throws Exception {
    leavesNoWriter(unanswered);
  }

  @Test
  void aReleaseWhoseCommandWasCutShortLeavesNoWriter() throws Exception {
    leavesNoWriter(TransferFailure.CANCELLED.because("ended"));
  }

  private void leavesNoWriter(FailureException given) throws Exception {
    breakRelease(given);

    FailureException undecided =
        assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));

    assertTrue(undecided.detail().contains("mounted on neither node"), undecided.detail());
    assertUnwritten(nodes.first, volume);
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void aReleaseThatMayStillComeIsMadeAgainAndGranted() throws Exception {
    breakRelease(unanswered);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    assertEquals(1, nodes.first.delivery.recover());
    assertUnwritten(nodes.first, volume);

    nodes.heal();

    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    nodes.first.locks.own(volume, "test").close();
  }

  @Test
  void aDaemonThatComesAfterSettlesWhatTheOneBeforeCouldNot() throws Exception {
    breakRelease(unanswered);
    RecordingContext context = new RecordingContext();
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume, context));

    MemoryNode next = nodes.first.successor(nodes.second);

    assertUnwritten(next, volume);
    assertFails(
        StorageFailure.ZFS_TIMEOUT, () -> next.handoff.complete(volume, nodes.second.id, context));
    assertUnwritten(next, volume);
    nodes.heal();
    assertEquals(nodes.second.id, next.handoff.complete(volume, nodes.second.id, context).owner());
    assertOwner(nodes.second, volume, 1);
    assertReplica(next, volume, nodes.second, 1);
    assertEquals(List.of(), next.releases.list());
    next.locks.own(volume, "test").close();
  }

  @Test
  void aReleaseThatALaterOwnerHasOvertakenLocksNobodyOut() throws Exception {
    breakRelease(unanswered);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    nodes.heal();
    nodes.first.epochs.observe(volume, 2);

    assertEquals(0, nodes.first.delivery.recover());

    assertEquals(List.of(), nodes.first.releases.list());
    assertFalse(nodes.first.catalog.require(volume).dataset().isMounted());
    nodes.first.locks.own(volume, "test").close();
  }

  @Test
  void nothingIsLeftToSettleOfWhatIsDecided() throws Exception {
    breakRelease(refusal);
    assertFails(StorageFailure.ZFS_FAILED, () -> nodes.handOff(volume));
    assertEquals(List.of(), nodes.first.releases.list());
    nodes.heal();
    var _ = nodes.handOff(volume);
    assertEquals(List.of(), nodes.first.releases.list());
  }

  @Test
  void whereTheStateDiskIsFullNothingIsGivenAway() throws Exception {
    nodes.first.releases.fail(Optional.of(RequestFailure.STATE_UNAVAILABLE.because("full")));

    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> nodes.handOff(volume));

    assertOwner(nodes.first, volume, 0);
    assertReplica(nodes.second, volume, nodes.first, 0);
    assertFree();
  }

  @Test
  void whatCannotBeStruckIsWrittenByNobodyUntilItIsGivenAway() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (isRelease(method, arguments)) {
        nodes.first.releases.fail(Optional.of(RequestFailure.STATE_UNAVAILABLE.because("full")));
        throw refusal;
      }
    });

    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> nodes.handOff(volume));

    assertUnwritten(nodes.first, volume);
    nodes.heal();
    nodes.first.releases.fail(Optional.empty());
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void aReleaseThatComesLateIsGranted() throws Exception {
    AtomicReference<Object[]> late = new AtomicReference<>();
    nodes.first.pool.breaks((method, arguments) -> {
      if (isRelease(method, arguments)) {
        late.set(arguments);
        throw unanswered;
      }
    });
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    assertUnwritten(nodes.first, volume);

    nodes.first.fake.setRecord((String) late.get()[0], (OwnershipRecord) late.get()[1]);

    assertUnwritten(nodes.first, volume);
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  private void isGrantedOnlyOnceNobodyHasItMounted() throws Exception {
    String dataset = nodes.first.catalog.require(volume).dataset().name();
    nodes.first.fake.mountWritable(dataset, nodes.folder.resolve("by-hand"));

    assertEquals(1, nodes.first.delivery.recover());

    assertReplica(nodes.second, volume, nodes.first, 0);
    nodes.first.fake.unmount(dataset);
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void whatIsMountedByHandIsNotGivenAwayThoughItsReleaseMayStillCome() throws Exception {
    breakRelease(unanswered);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    nodes.heal();
    isGrantedOnlyOnceNobodyHasItMounted();
  }

  @Test
  void aRecordThatSomebodyWroteMeanwhileStands() throws Exception {
    breakRelease(unanswered);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    nodes.heal();
    Dataset kept = nodes.first.catalog.require(volume).dataset();
    OwnershipRecord before = kept.record().orElseThrow();
    nodes.first.fake.setRecord(
        kept.name(),
        new OwnershipRecord(
            volume,
            before.epoch() + 1,
            nodes.first.id,
            OwnershipState.OWNED,
            UUID.randomUUID(),
            before.finalSnapshot(),
            before.dataset()));

    assertEquals(0, nodes.first.delivery.recover());

    assertReplica(nodes.second, volume, nodes.first, 0);
    nodes.first.mount();
    assertOwner(nodes.first, volume, 1);
  }

  @Test
  void whatIsGoneNeedsNoSettlement() throws Exception {
    breakRelease(unanswered);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));
    nodes.heal();
    Dataset lost = nodes.first.catalog.require(volume).dataset();
    for (Snapshot held : lost.snapshots()) {
      for (String tag : List.copyOf(nodes.first.fake.holds(lost.name(), held.name()))) {
        nodes.first.fake.release(lost.name(), held.name(), tag);
      }
    }
    nodes.first.fake.destroy(lost.name());

    assertEquals(0, nodes.first.delivery.recover());

    nodes.first.locks.own(volume, "test").close();
  }

  /** Nobody can write the volume here, whatever tries to mount or change it. */
  private static void assertUnwritten(MemoryNode node, VolumeId volume) throws Exception {
    node.mount();
    assertFalse(node.catalog.require(volume).dataset().isMounted());
    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_LOCKED, () -> node.locks.own(volume, "test"));
    assertTrue(refusal.detail().contains("has not said how it ended"), refusal.detail());
  }

  @Test
  void aReleaseThatNobodyCanLookUpLeavesNoWriter() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (isRelease(method, arguments)) {
        nodes.first.pool.breaks("dataset", unanswered);
        throw refusal;
      }
    });

    FailureException undecided = assertFails(unanswered.failure(), () -> nodes.handOff(volume));

    assertTrue(undecided.detail().contains(unanswered.detail()), undecided.detail());
    nodes.heal();
    assertUnwritten(nodes.first, volume);
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
  }

  @Test
  void aReleaseThatCameThoughItsAnswerDidNotIsTheCommit() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (isRelease(method, arguments)) {
        nodes.first.fake.setRecord((String) arguments[0], (OwnershipRecord) arguments[1]);
        throw unanswered;
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
  }

  private void breakRelease(FailureException failure) {
    nodes.first.pool.breaks((method, arguments) -> {
      if (isRelease(method, arguments)) {
        throw failure;
      }
    });
  }

  private static boolean isRelease(String method, Object[] arguments) {
    return method.equals("setRecord")
        && ((OwnershipRecord) arguments[1]).state() == OwnershipState.RELEASED;
  }

  @Test
  void asksAgainUntilThePeerHasAcquired() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("acquire") && asked.incrementAndGet() < 3) {
        throw TransferFailure.PEER_UNREACHABLE.because("down");
      }
    });

    var _ = nodes.handOff(volume);

    assertEquals(3, asked.get());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void aGrantWhoseAnswerIsLostIsRepeated() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("acquire answered") && answered.incrementAndGet() < 2) {
        throw TransferFailure.PEER_UNREACHABLE.because("cut");
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void whatThePeerRefusesStaysReleasedAndIsGrantedLater() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));

    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));

    assertEquals(nodes.second.id, refusal.members().get("released"));
    Volume released = nodes.first.catalog.require(volume);
    assertEquals(Role.RELEASED, released.role());
    assertFalse(released.dataset().isMounted());
    assertEquals(1, nodes.first.delivery.recover());
    nodes.heal();
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void whatThePeerLostSinceTheReleaseIsSentAgain() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));
    nodes.heal();
    Snapshot last = latest(nodes.second, volume);
    lose(nodes.second, volume, last);

    assertEquals(0, nodes.first.delivery.recover());

    assertOwner(nodes.second, volume, 1);
    assertEquals(
        last.guid(), nodes.second.catalog.require(volume).dataset().latest().orElseThrow().guid());
  }

  @Test
  void aHandoffSendsAgainWhatThePeerLoses() throws Exception {
    nodes.first.links.breaks(step -> {
      if (step.equals("acquire")) {
        nodes.first.links.heal();
        lose(nodes.second, volume, latest(nodes.second, volume));
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void aCopyThatHasNothingInCommonAnyMoreIsToldOfUntilItIsGone() throws Exception {
    nodes.first.links.breaks(step -> {
      if (step.equals("acquire")) {
        nodes.first.links.heal();
        loseAll(nodes.second);
      }
    });

    FailureException refusal =
        assertFails(TransferFailure.NO_COMMON_SNAPSHOT, () -> nodes.handOff(volume));

    String way = "DELETE /v1/volumes/" + volume + "?replica=true on node " + nodes.second.id;
    assertTrue(refusal.detail().contains(way), refusal.detail());
    assertEquals(nodes.second.id, refusal.members().get("released"));
    assertTold(way);
    assertEquals(1, nodes.first.delivery.recover());
    assertTold(way);
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    assertEquals(Map.of(), nodes.first.mounter.untaken());
  }

  /** It has taken the volume, and is killed; its state folder remembers what its pool does not. */
  @Test
  void aTakerWhosePoolWentBackBehindAllThatIsCommonIsToldOfUntilItsCopyIsGone() throws Exception {
    AtomicBoolean isBack = new AtomicBoolean();
    nodes.first.links.breaks(step -> {
      if (step.equals("acquire answered") && isBack.compareAndSet(false, true)) {
        goBack(nodes.second);
        throw TransferFailure.PEER_UNREACHABLE.because("killed");
      }
    });

    FailureException refusal = assertThrows(FailureException.class, () -> nodes.handOff(volume));

    String way = "DELETE /v1/volumes/" + volume + "?replica=true on node " + nodes.second.id;
    String other = "flocker volume takeover default.db --fenced " + nodes.second.id;
    assertTrue(refusal.detail().contains(way), refusal.detail());
    assertTrue(refusal.detail().contains(other), refusal.detail());
    assertTold(way);
    assertTold(other);
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    assertEquals(Map.of(), nodes.first.mounter.untaken());
  }

  /** Its pool is that of a day on which it had a copy that nobody else has any more. */
  private void goBack(MemoryNode node) throws FailureException {
    Dataset owned = node.catalog.require(volume).dataset();
    node.fake.unmount(owned.name());
    node.recordFirstOwner(owned.name(), volume, nodes.first.id);
    loseAll(node);
  }

  /** The node's disk goes back to a day of which the owner has nothing left. */
  private void loseAll(MemoryNode node) throws FailureException {
    Dataset copy = node.catalog.require(volume).dataset();
    for (Snapshot snapshot : copy.snapshots()) {
      lose(node, volume, snapshot);
    }
    node.fake.receive(copy.name(), "pruned-at-the-owner", new Guid(7));
  }

  /** Whoever looks at the volume where nobody has it any more reads how it goes on. */
  private void assertTold(String way) throws FailureException {
    MountStatus status = nodes.first.mounter.status(nodes.first.catalog.require(volume));
    assertEquals(MountStatus.State.UNMOUNTED, status.state());
    assertTrue(status.reason().orElse("").contains(way), status::toString);
    assertTrue(nodes.first.mounter.untaken().getOrDefault(volume, "").contains(way));
  }

  @Test
  void aReleasedVolumeThatIsMountedIsNotGranted() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));
    nodes.heal();
    isGrantedOnlyOnceNobodyHasItMounted();
  }

  @Test
  void theNextDaemonGoesOnWithWhatWasGivenAway() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    RecordingContext context = new RecordingContext();
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume, context));
    nodes.heal();
    RecordingContext again = new RecordingContext(context.id());

    HandoffResult result = nodes.first.handoff.complete(volume, nodes.second.id, again);

    assertEquals(List.of("commit", "acquiring"), again.phases);
    assertOwner(nodes.second, volume, 1);
    assertEquals(
        new HandoffResult(
            nodes.second.id,
            1,
            latest(nodes.second, volume).guid(),
            Optional.of(nodes.folder.resolve("second/mounts/default.db").toString()),
            List.of()),
        result);
    HandoffResult later = nodes.first.handoff.complete(volume, nodes.second.id, again);
    assertEquals(Optional.empty(), later.mountpoint(), "nobody was left to hear it");
    assertEquals(1, later.epoch());
    assertFalse(later.toMembers().containsKey("mountpoint"));
  }

  @Test
  void theNextDaemonDoesNotGoOnWithWhatWasNotGivenAway() throws Exception {
    assertFails(
        TransferFailure.INTERRUPTED,
        () -> nodes.first.handoff.complete(volume, nodes.second.id, new RecordingContext()));
    RecordingContext context = new RecordingContext();
    var _ = nodes.handOff(volume, context);

    assertFails(
        TransferFailure.INTERRUPTED,
        () -> nodes.first.handoff.complete(volume, nodes.second.id, new RecordingContext()));
    assertFails(
        TransferFailure.INTERRUPTED,
        () ->
            nodes.first.handoff.complete(
                volume, NodeId.random(), new RecordingContext(context.id())));
    assertFree();
  }

  @Test
  void refusesWhatCannotBeHandedOffAndAsksNobody() throws Exception {
    assertFails(
        OwnershipFailure.OWNED_HERE,
        () ->
            nodes.first.handoff.run(
                volume,
                nodes.first.id,
                InitialReplication.ALL,
                Condition.NONE,
                new RecordingContext()));
    nodes.first.fake.setChildren(nodes.first.catalog.require(volume).dataset().name(), true);
    assertFails(OwnershipFailure.HAS_CHILDREN, () -> nodes.handOff(volume));
    assertFails(
        OwnershipFailure.HAS_CHILDREN,
        () -> nodes.first.handoff.plan(volume, nodes.second.id, InitialReplication.ALL));
    nodes.first.fake.setChildren(nodes.first.catalog.require(volume).dataset().name(), false);
    Condition never =
        _ -> {
          throw refusal;
        };
    assertFails(
        refusal.failure(),
        () ->
            nodes.first.handoff.run(
                volume, nodes.second.id, InitialReplication.ALL, never, new RecordingContext()));

    assertEquals(List.of(), nodes.first.links.said());
    assertOwner(nodes.first, volume, 0);
    assertFree();
  }

  @Test
  void waitsForNobodyWhoWorksOnTheVolume() throws Exception {
    try (var _ = nodes.first.locks.share(volume, "somebody")) {
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> nodes.handOff(volume));
    }
  }

  @Test
  void hasTheWholeVolumeWhileItIsAtWork() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("prepare")) {
        assertFails(OwnershipFailure.VOLUME_LOCKED, () -> nodes.first.locks.share(volume, "other"));
        refused.incrementAndGet();
      }
    });

    var _ = nodes.handOff(volume);

    assertTrue(refused.get() > 0);
    assertFree();
  }

  @Test
  void aPlanAsksThePeerAndChangesNothing() throws Exception {
    var _ = nodes.push(volume);
    List<String> here = nodes.first.fake.changes();
    List<String> there = nodes.second.fake.changes();

    PushForecast plan = nodes.first.handoff.plan(volume, nodes.second.id, InitialReplication.ALL);

    assertInstanceOf(ReplicationPlan.Transfer.class, plan.plan());
    assertTrue(plan.takesSnapshot());
    assertTrue(nodes.first.links.said().contains("prepare"));
    assertEquals(here, nodes.first.fake.changes());
    assertEquals(there, nodes.second.fake.changes());
  }

  private void assertFree() throws FailureException {
    nodes.first.locks.own(volume, "test").close();
    nodes.second.locks.own(volume, "test").close();
  }
}
