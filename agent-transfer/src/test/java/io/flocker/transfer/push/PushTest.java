package io.flocker.transfer.push;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.Retry;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.Step;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.SnapshotNeed;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.stream.Settings;
import io.flocker.transfer.stream.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PushTest {
  private static final int CONTENT_BYTES = 4711;

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
  }

  @Test
  void makesThePeerHoldWhatIsHere() throws Exception {
    PushResult full = nodes.push(volume);
    PushResult increment = nodes.push(volume);

    assertEquals(List.of("full"), kinds(full));
    assertEquals(List.of("incremental"), kinds(increment));
    assertEquals(full.latest(), increment.streams().getFirst().from().orElseThrow());
    assertEquals(latest(nodes.second, volume).guid(), increment.latest());
    assertEquals(latest(nodes.first, volume).guid(), increment.latest());
    assertTrue(increment.bytes() > 0);
    assertEquals(increment.bytes(), increment.toMembers().get("bytes"));
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void asksThePeerOnceWhatItHas() throws Exception {
    var _ = nodes.push(volume);
    int before = nodes.first.links.said().size();

    var _ = nodes.push(volume);

    List<String> said = nodes.first.links.said();
    assertEquals(1, said.subList(before, said.size()).stream().filter("view"::equals).count());
  }

  @Test
  void neverListsThePoolForOneVolume() throws Exception {
    var _ = nodes.push(volume);
    int before = nodes.first.fake.listings() + nodes.second.fake.listings();

    var _ = nodes.push(volume);

    assertEquals(before, nodes.first.fake.listings() + nodes.second.fake.listings());
  }

  @Test
  void sendsNothingTwice() throws Exception {
    PushResult first = nodes.push(volume);

    PushResult again =
        nodes.first.push.run(
            volume,
            nodes.second.id,
            false,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());

    assertEquals(List.of(), again.streams());
    assertEquals(first.latest(), again.latest());
    assertEquals(0, again.bytes());
  }

  @Test
  void aSnapshotThatWasTakenAnewUnderItsNameTakesThatNameAtThePeer() throws Exception {
    String here = nodes.first.catalog.require(volume).dataset().name();
    Guid older = nodes.first.fake.snapshot(here, "nightly").guid();
    var _ = nodes.push(volume);
    nodes.first.fake.destroySnapshot(here, "nightly");
    Guid newer = nodes.first.fake.snapshot(here, "nightly").guid();

    var _ = nodes.push(volume);

    Map<String, Guid> there =
        MemoryPair.snapshots(nodes.second, volume).stream()
            .collect(Collectors.toMap(Snapshot::name, Snapshot::guid));
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
    assertEquals(newer, there.get("nightly"));
    assertEquals(older, there.get("nightly.replaced-" + older));
  }

  @Test
  void holdsThePeersBaseUntilANewerOneIsProven() throws Exception {
    var _ = nodes.push(volume);
    Snapshot base = latest(nodes.first, volume);
    assertEquals(Set.of(peerTag()), holds(base));
    assertEquals(Map.of(nodes.second.id, base.guid()), nodes.first.cursors.of(volume));
    nodes.second.pool.breaks("receive", StorageFailure.ZFS_FAILED.because("no"));

    assertThrows(FailureException.class, () -> nodes.push(volume));

    assertEquals(Set.of(peerTag()), holds(base), "it is all that the peer has");
    assertEquals(Map.of(nodes.second.id, base.guid()), nodes.first.cursors.of(volume));
    nodes.heal();
    var _ = nodes.push(volume);
    Snapshot next = latest(nodes.first, volume);
    assertEquals(Set.of(peerTag()), holds(next));
    assertEquals(Set.of(), holds(base));
    assertEquals(Map.of(nodes.second.id, next.guid()), nodes.first.cursors.of(volume));
  }

  @Test
  @DisplayName("S11 a snapshot that is busy stays, and the others are destroyed all the same")
  void whatIsBusyKeepsNoOtherFromGoing() throws Exception {
    var _ = nodes.push(volume);
    Snapshot busy = latest(nodes.first, volume);
    nodes.first.pool.breaks((command, arguments) -> {
      if (command.equals("destroySnapshot") && busy.name().equals(arguments[1])) {
        throw StorageFailure.DATASET_BUSY.because(busy.name() + " has dependent clones");
      }
    });

    for (int push = 0; push < 4; push++) {
      var _ = nodes.push(volume);
    }

    List<Snapshot> left = MemoryPair.snapshots(nodes.first, volume);
    assertEquals(3, left.size(), left::toString);
    assertTrue(left.contains(busy), left::toString);
    assertTrue(left.contains(latest(nodes.first, volume)), left::toString);
  }

  @Test
  @DisplayName("S08 who prunes while a stream is under way takes nothing from it")
  void pruningMeanwhileTakesNoBaseAway() throws Exception {
    var _ = nodes.push(volume);
    Guid base = latest(nodes.second, volume).guid();
    AtomicInteger attempts = new AtomicInteger();
    nodes.first.pool.breaks((command, _) -> {
      if (command.equals("send")) {
        attempts.incrementAndGet();
        try {
          var _ =
              nodes.second.replicas.prune(
                  nodes.first.id, volume, new PruneRequest(nodes.first.id, 0, List.of()));
        } catch (FailureException e) {
          assertEquals(OwnershipFailure.VOLUME_LOCKED, e.failure());
        }
      }
    });

    PushResult increment = nodes.push(volume);

    assertEquals(1, attempts.get());
    assertEquals(base, increment.streams().getFirst().from().orElseThrow());
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  /** Else another push of the volume prunes it here, and the copy has diverged for good. */
  @Test
  void whatArrivedBeforeAPushFailedIsKeptForThePeer() throws Exception {
    var _ = nodes.push(volume);
    var _ = nodes.first.volumes.snapshot(volume, "users", Condition.NONE);
    nodes.first.fake.leaveRangesHeld();
    AtomicInteger receives = new AtomicInteger();
    nodes.second.pool.breaks((command, _) -> {
      if (command.equals("receive") && receives.incrementAndGet() == 2) {
        throw StorageFailure.ZFS_FAILED.because("no");
      }
    });

    assertThrows(FailureException.class, () -> nodes.push(volume));

    Snapshot arrived = latest(nodes.second, volume);
    assertEquals(2, receives.get());
    assertEquals(Map.of(nodes.second.id, arrived.guid()), nodes.first.cursors.of(volume));
    assertEquals(Set.of(peerTag()), holds(arrived));
    nodes.heal();
    var _ = nodes.push(volume);
    assertReplica(nodes.second, volume, nodes.first, 0);
  }

  @Test
  void holdsForThePeerWhatItHasAlreadyToo() throws Exception {
    var _ = nodes.push(volume);
    Snapshot base = latest(nodes.first, volume);
    String dataset = nodes.first.catalog.require(volume).dataset().name();
    nodes.first.fake.release(dataset, base.name(), peerTag());

    var _ =
        nodes.first.push.run(
            volume,
            nodes.second.id,
            false,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());

    assertEquals(Set.of(peerTag()), holds(base));
  }

  @Test
  void holdsWhatItSendsWhileItSendsIt() throws Exception {
    RecordingContext context = new RecordingContext();
    AtomicInteger seen = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("announce")) {
        assertEquals(Set.of("flk:op:" + context.id()), holds(latest(nodes.first, volume)));
        seen.incrementAndGet();
      }
    });

    var _ = nodes.push(volume, context);

    assertEquals(1, seen.get());
    assertFalse(holds(latest(nodes.first, volume)).contains("flk:op:" + context.id()));
  }

  @Test
  void aPushThatFailsLeavesNoHoldOfItsOwn() throws Exception {
    nodes.first.links.breaks("announce", TransferFailure.PEER_UNREACHABLE.because("down"));

    assertFails(TransferFailure.PEER_UNREACHABLE, () -> nodes.push(volume));

    assertEquals(Set.of(), holds(latest(nodes.first, volume)));
    nodes.first.locks.own(volume, "test").close();
  }

  @Test
  void keepsFewSnapshotsHereAndThere() throws Exception {
    for (int i = 0; i < 6; i++) {
      var _ = nodes.push(volume);
    }

    assertEquals(2, nodes.first.catalog.require(volume).dataset().snapshots().size());
    assertEquals(2, nodes.second.catalog.require(volume).dataset().snapshots().size());
  }

  @Test
  void pushesThatFailLeaveFewSnapshots() throws Exception {
    var _ = nodes.push(volume);
    nodes.second.pool.breaks("receive", StorageFailure.ZFS_FAILED.because("no"));
    for (int i = 0; i < 6; i++) {
      assertThrows(FailureException.class, () -> nodes.push(volume));
    }

    int left = nodes.first.catalog.require(volume).dataset().snapshots().size();
    assertTrue(left <= 4, () -> left + " are left");
  }

  @Test
  void noPushFailsForWhatCannotBePruned() throws Exception {
    nodes.first.links.breaks("prune", TransferFailure.PEER_UNREACHABLE.because("down"));
    nodes.first.pool.breaks("destroySnapshot", StorageFailure.ZFS_FAILED.because("no"));
    for (int i = 0; i < 4; i++) {
      var _ = nodes.push(volume);
    }

    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  @Test
  void takesALostAnswerForWhatThePeerSaysOfIt() throws Exception {
    nodes.first.links.breaksStreams(wire -> {
      wire.deafen();
      var _ = wire.response.thenRunAsync(wire::cut, nodes.loop.loop());
    });

    PushResult result = nodes.push(volume);

    assertEquals(latest(nodes.second, volume).guid(), result.latest());
    assertTrue(nodes.first.links.said().contains("result"));
  }

  @Test
  void waitsForAPeerWhoseZfsTakesLongOverWhatHasCome() throws Exception {
    try (MemoryPair slow =
        new MemoryPair(Settings.beating(Duration.ofMillis(50), Duration.ofMillis(500)))) {
      VolumeId id = slow.first.create("default.db").id();
      CompletableFuture<Wire> stream = new CompletableFuture<>();
      CountDownLatch questions = new CountDownLatch(5);
      slow.first.links.breaksStreams(stream::complete);
      slow.first.links.breaks(moment -> {
        if (moment.equals("result")) {
          questions.countDown();
        }
      });
      slow.second.pool.breaks((method, _) -> {
        if (method.equals("setRecord") && questions.getCount() > 0) {
          slow.loop.loop().execute(stream.join()::cut);
          await(questions);
        }
      });

      PushResult result = slow.push(id);

      assertEquals(latest(slow.second, id).guid(), result.latest());
      assertEquals(0, questions.getCount());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatFollowsOfItselfGivesWayToAPushThatAUserWants(boolean isFirstCopy) throws Exception {
    if (!isFirstCopy) {
      var _ = nodes.push(volume);
    }
    CountDownLatch isReceiving = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    nodes.second.pool.breaks((method, arguments) -> {
      if (method.equals("receive") && isReceiving.getCount() > 0) {
        if (isFirstCopy) {
          nodes.second.fake.add((String) arguments[0]);
        }
        isReceiving.countDown();
        await(leave);
        if (isFirstCopy) {
          nodes.second.fake.destroy((String) arguments[0]); // As zfs receive does at its end.
        }
        throw StorageFailure.ZFS_FAILED.because("its stream was cut");
      }
    });
    SnapshotNeed need =
        new SnapshotNeed() {
          @Override
          public boolean isNewOneDue(Predicate<Guid> isThere) {
            return true;
          }

          @Override
          public void taken(Guid snapshot, long referencedBytes) {}
        };
    CompletableFuture<Exception> following =
        CompletableFuture.supplyAsync(() ->
            assertThrows(
                Exception.class,
                () ->
                    nodes.first.push.replicate(
                        new Copy(volume, nodes.second.id),
                        need,
                        InitialReplication.ALL,
                        leave::countDown,
                        FanOut.alone(),
                        new RecordingContext())));
    await(isReceiving);

    PushResult result = nodes.push(volume);

    assertEquals(latest(nodes.first, volume).guid(), result.latest());
    assertEquals(result.latest(), latest(nodes.second, volume).guid());
    var _ = following.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aSecondPushWhileTheFirstCopyArrivesComesTooEarly() throws Exception {
    CompletableFuture<Boolean> isReceiving = new CompletableFuture<>();
    CompletableFuture<Boolean> mayGoOn = new CompletableFuture<>();
    nodes.second.pool.breaks((method, arguments) -> {
      if (method.equals("receive")) {
        nodes.second.fake.add(
            (String) arguments[0]); // As zfs receive does, from its first byte on.
        isReceiving.complete(true);
        boolean _ = mayGoOn.join();
      }
    });
    CompletableFuture<PushResult> first =
        CompletableFuture.supplyAsync(() -> {
          try {
            return nodes.push(volume);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertTrue(isReceiving.get(60, TimeUnit.SECONDS));

    FailureException second = assertFails(OwnershipFailure.VOLUME_LOCKED, () -> nodes.push(volume));
    FailureException dry =
        assertFails(
            OwnershipFailure.VOLUME_LOCKED,
            () -> nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL));

    for (FailureException early : List.of(second, dry)) {
      assertEquals(Retry.LATER, early.failure().retry());
      assertTrue(early.detail().contains(nodes.second.id.toString()), early.detail());
      assertTrue(String.valueOf(early.members().get("holder")).startsWith("transfer "));
    }
    boolean _ = mayGoOn.complete(true);
    assertEquals(latest(nodes.first, volume).guid(), first.get(60, TimeUnit.SECONDS).latest());
    var _ = nodes.push(volume);
  }

  @Test
  void aFirstCopyBringsWhatUsersTookBeforeAndLaterOnesDoToo() throws Exception {
    Volume owned = nodes.first.catalog.require(volume);
    Snapshot byHand = nodes.first.catalog.snapshots().take(owned, "before-upgrade");

    PushResult result = nodes.push(volume);

    assertEquals(List.of("full", "incremental"), kinds(result));
    assertEquals(
        List.of(byHand.guid(), latest(nodes.first, volume).guid()),
        nodes.second.catalog.require(volume).dataset().snapshots().stream()
            .map(Snapshot::guid)
            .toList());
  }

  @Test
  void aFirstCopyBringsTheLatestAloneWhereThatIsAskedFor() throws Exception {
    Volume owned = nodes.first.catalog.require(volume);
    var _ = nodes.first.catalog.snapshots().take(owned, "before-upgrade");

    PushResult result =
        nodes.first.push.run(
            volume,
            nodes.second.id,
            true,
            InitialReplication.LATEST,
            Condition.NONE,
            new RecordingContext());

    assertEquals(List.of("full"), kinds(result));
  }

  @Test
  void whatTheVolumeIsSetToGoesAlongEachTime() throws Exception {
    var _ = nodes.push(volume);
    String owned = nodes.first.catalog.require(volume).dataset().name();
    nodes.first.fake.setQuota(owned, 100);
    nodes.first.fake.setProperty(owned, "compression", "gzip");

    var _ = nodes.push(volume);

    Dataset copy = nodes.second.catalog.require(volume).dataset();
    assertEquals(100, copy.limitBytes());
    assertEquals(0, copy.quotaBytes());
    assertEquals(Map.of("compression", "gzip"), copy.settings());
  }

  @Test
  void foretellsTheSnapshotThatItWouldTake() throws Exception {
    nodes.first.fake.setReferenced(
        nodes.first.catalog.require(volume).dataset().name(), CONTENT_BYTES);

    PushForecast fresh =
        nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL);

    assertTrue(fresh.takesSnapshot());
    Step full = onlyStep(fresh);
    assertInstanceOf(Step.Full.class, full);
    assertTrue(fresh.isComing(full.to()));
    assertEquals(OptionalLong.of(CONTENT_BYTES), fresh.estimate(full));
    var _ = nodes.push(volume);
    Snapshot base = latest(nodes.first, volume);
    PushForecast changed =
        nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL);
    Step increment = onlyStep(changed);
    assertEquals(base.guid(), increment.from().orElseThrow());
    assertEquals(List.of(), changed.present(increment.brings()));
  }

  @Test
  void foretellsWhatIsThereWhereItTakesNone() throws Exception {
    PushForecast empty =
        nodes.first.push.forecast(volume, nodes.second.id, false, InitialReplication.ALL);
    assertInstanceOf(ReplicationPlan.Conflict.class, empty.plan());
    var _ = nodes.push(volume);

    PushForecast done =
        nodes.first.push.forecast(volume, nodes.second.id, false, InitialReplication.ALL);

    assertFalse(done.takesSnapshot());
    assertInstanceOf(ReplicationPlan.UpToDate.class, done.plan());
    Snapshot taken =
        nodes.first.catalog.snapshots().take(nodes.first.catalog.require(volume), "by-hand");
    PushForecast next =
        nodes.first.push.forecast(volume, nodes.second.id, false, InitialReplication.ALL);
    assertEquals(taken, onlyStep(next).to());
    assertFalse(next.isComing(taken));
    assertEquals(OptionalLong.empty(), next.estimate(onlyStep(next)));
    assertEquals(List.of(taken), next.present(onlyStep(next).brings()));
  }

  @Test
  void foretellsNoSnapshotThatWouldGoFirst() throws Exception {
    var _ = nodes.push(volume);
    nodes.second.pool.breaks("receive", StorageFailure.ZFS_FAILED.because("no"));
    for (int i = 0; i < 4; i++) {
      assertThrows(FailureException.class, () -> nodes.push(volume));
    }
    nodes.heal();

    Step foretold =
        onlyStep(nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL));
    PushResult result = nodes.push(volume);

    assertEquals(foretold.from(), result.streams().getFirst().from());
    List<String> received =
        nodes.second.fake.changes().stream().filter(step -> step.startsWith("receive")).toList();
    assertEquals(1 + foretold.brings().size(), received.size(), received::toString);
  }

  @Test
  @DisplayName("P13 a volume whose children would not travel is not sent, and says which they are")
  void refusesAVolumeWhoseChildrenWouldNotTravel() throws Exception {
    String dataset = nodes.first.catalog.require(volume).dataset().name();
    nodes.first.fake.setChildren(dataset, true);

    FailureException refusal = assertFails(OwnershipFailure.HAS_CHILDREN, () -> nodes.push(volume));
    assertFails(
        OwnershipFailure.HAS_CHILDREN,
        () -> nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL));

    assertEquals(List.of(dataset + "/child"), refusal.members().get("children"));
    assertEquals(List.of(), nodes.first.catalog.require(volume).dataset().snapshots());
  }

  @ParameterizedTest(name = "{0}, copy there before: {1}")
  @CsvSource({"planning,true", "planning,false", "sending,true", "sending,false"})
  void anotherPushThatWasQuickerIsNoDivergence(String phase, boolean hasCopy) throws Exception {
    if (hasCopy) {
      var _ = nodes.push(volume);
    }
    AtomicBoolean isLate = new AtomicBoolean();
    RecordingContext context = new RecordingContext();
    context.told =
        reached -> {
          if (reached.equals(phase) && isLate.compareAndSet(false, true)) {
            assertDoesNotThrow(() -> nodes.push(volume));
          }
        };

    PushResult end =
        nodes.first.push.run(
            volume, nodes.second.id, true, InitialReplication.ALL, Condition.NONE, context);

    assertTrue(isLate.get());
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
    assertEquals(latest(nodes.second, volume).guid(), end.latest());
  }

  @Test
  void refusesDivergedCopiesBeforeItTakesASnapshot() throws Exception {
    var _ = nodes.push(volume);
    String copy = nodes.second.catalog.require(volume).dataset().name();
    nodes.second.fake.receive(copy, "theirs", new Guid(77));
    int before = nodes.first.catalog.require(volume).dataset().snapshots().size();

    FailureException refusal = assertFails(TransferFailure.DIVERGED, () -> nodes.push(volume));
    String removal = "DELETE /v1/volumes/" + volume + "?replica=true on node " + nodes.second.id;
    assertTrue(refusal.detail().contains(removal), refusal::detail);

    assertEquals(before, nodes.first.catalog.require(volume).dataset().snapshots().size());
    PushForecast dry =
        nodes.first.push.forecast(volume, nodes.second.id, true, InitialReplication.ALL);
    assertInstanceOf(ReplicationPlan.Conflict.class, dry.plan());
    assertFalse(dry.takesSnapshot());
  }

  @Test
  void refusesWhatIsNotItsOwnAndItself() throws Exception {
    assertFails(
        RequestFailure.MALFORMED_REQUEST,
        () ->
            nodes.first.push.run(
                volume,
                nodes.first.id,
                true,
                InitialReplication.ALL,
                Condition.NONE,
                new RecordingContext()));
    var _ = nodes.push(volume);
    assertFails(
        OwnershipFailure.NOT_OWNER,
        () ->
            nodes.second.push.run(
                volume,
                nodes.first.id,
                true,
                InitialReplication.ALL,
                Condition.NONE,
                new RecordingContext()));
    assertFails(
        TransferFailure.PEER_UNREACHABLE,
        () ->
            nodes.first.push.run(
                volume,
                NodeId.random(),
                true,
                InitialReplication.ALL,
                Condition.NONE,
                new RecordingContext()));
  }

  @Test
  void changesNothingWhereItsConditionDoesNotHold() throws Exception {
    FailureException stale = RequestFailure.PRECONDITION_FAILED.because("changed");
    List<String> before = nodes.first.fake.changes();

    assertFails(
        stale.failure(),
        () ->
            nodes.first.push.run(
                volume,
                nodes.second.id,
                true,
                InitialReplication.ALL,
                _ -> {
                  throw stale;
                },
                new RecordingContext()));

    assertEquals(before, nodes.first.fake.changes());
    assertEquals(List.of(), nodes.first.links.said());
  }

  @Test
  void endsWhereItIsCancelledWhileItSends() throws Exception {
    RecordingContext context = new RecordingContext();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        context.cancel();
      }
    });

    assertFails(TransferFailure.CANCELLED, () -> nodes.push(volume, context));

    nodes.heal();
    while (nodes.second.incoming.arriving(volume).isPresent()) {
      Thread.onSpinWait(); // The receiver hears of it a moment later.
    }
    var _ = nodes.push(volume);
  }

  @Test
  @DisplayName("R10 a receive that is under way is not given up for another one")
  void leavesAReceiveThatIsUnderWay() throws Exception {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch isRefused = new CountDownLatch(1);
    nodes.first.pool.breaks((method, _) -> {
      if (method.equals("send")) {
        sending.countDown();
        try {
          assertTrue(isRefused.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    });
    CompletableFuture<PushResult> first = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                boolean _ = first.complete(nodes.push(volume));
              } catch (Exception e) {
                boolean _ = first.completeExceptionally(e);
              }
            });
    assertTrue(sending.await(60, TimeUnit.SECONDS));

    assertFails(OwnershipFailure.VOLUME_LOCKED, () -> nodes.push(volume));

    isRefused.countDown();
    assertEquals(first.get(60, TimeUnit.SECONDS).latest(), latest(nodes.second, volume).guid());
  }

  @Test
  void theOwnerKeepsWhatIsSaidAndThePeerWhatIsWished() throws Exception {
    nodes.first.policies.put(
        volume,
        new Policy(
            List.of(nodes.second.id),
            Policy.USUAL_MAX_LAG,
            Policy.USUAL_MIN_INTERVAL,
            InitialReplication.ALL,
            RetentionRules.ofLast(3),
            Optional.of(RetentionRules.ofLast(5))));

    for (int push = 0; push < 8; push++) {
      var _ = nodes.push(volume);
    }

    List<Snapshot> there = nodes.second.catalog.require(volume).dataset().snapshots();
    assertEquals(3, nodes.first.catalog.require(volume).dataset().snapshots().size());
    assertEquals(5, there.size());
    assertEquals(latest(nodes.first, volume).guid(), there.getLast().guid());
  }

  @Test
  void waitsForItsTurnBehindTheStreamsThatLeave() throws Exception {
    MemoryNode busy = nodes.another("third", 1);
    busy.learn(nodes.second);
    VolumeId first = busy.create("default.one").id();
    VolumeId second = busy.create("default.two").id();
    CompletableFuture<Boolean> isQueued = new CompletableFuture<>();
    AtomicInteger sending = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    busy.pool.breaks((method, _) -> {
      if (method.equals("send")) {
        most.accumulateAndGet(sending.incrementAndGet(), Math::max);
        boolean _ = isQueued.orTimeout(60, TimeUnit.SECONDS).join();
        sending.decrementAndGet();
      }
    });
    List<CompletableFuture<PushResult>> pushes =
        List.of(first, second).stream().map(id -> pushLater(busy, id, isQueued)).toList();

    for (CompletableFuture<PushResult> push : pushes) {
      assertEquals(1, push.get(60, TimeUnit.SECONDS).streams().size());
    }
    assertEquals(1, most.get());
  }

  @Test
  void waitsForAPlaceAtThePeer() throws Exception {
    MemoryNode busy = nodes.another("third", 1);
    busy.learn(nodes.second);
    AtomicBoolean isFull = new AtomicBoolean(true);
    busy.links.breaks(moment -> {
      if (moment.equals("announce") && isFull.get()) {
        throw RequestFailure.TOO_MANY_REQUESTS.because("4 are under way");
      }
    });
    CompletableFuture<Boolean> isQueued = new CompletableFuture<>();
    VolumeId waiting = busy.create("default.one").id();
    CompletableFuture<PushResult> push = pushLater(busy, waiting, isQueued);
    assertTrue(isQueued.get(60, TimeUnit.SECONDS));

    isFull.set(false);

    assertEquals(1, push.get(60, TimeUnit.SECONDS).streams().size());
  }

  private CompletableFuture<PushResult> pushLater(
      MemoryNode node, VolumeId id, CompletableFuture<Boolean> isQueued) {
    RecordingContext context = new RecordingContext();
    context.told =
        phase -> {
          if (phase.equals("queued")) {
            isQueued.complete(true);
          }
        };
    return CompletableFuture.supplyAsync(() -> {
      try {
        return node.push.run(
            id, nodes.second.id, true, InitialReplication.ALL, Condition.NONE, context);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static Step onlyStep(PushForecast forecast) {
    ReplicationPlan.Transfer transfer =
        assertInstanceOf(ReplicationPlan.Transfer.class, forecast.plan());
    assertEquals(1, transfer.steps().size(), transfer::toString);
    return transfer.steps().getFirst();
  }

  private String peerTag() {
    return "flk:peer:" + nodes.second.id;
  }

  private Set<String> holds(Snapshot snapshot) throws FailureException {
    return nodes.first.fake.holds(
        nodes.first.catalog.require(volume).dataset().name(), snapshot.name());
  }

  private static List<String> kinds(PushResult result) {
    return result.streams().stream().map(SentStream::kind).toList();
  }
}
