package io.flocker.transfer.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.Verified;
import io.flocker.core.replicate.hook.Hook;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredReplication;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.handoff.HandoffResult;
import io.flocker.transfer.node.FileClock;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.push.PushResult;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The loop over real pushes between two nodes in memory. */
@Timeout(120)
class PushReplicatorTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private Database database;
  private Policies policies;
  private Replication replication;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(Files.createDirectory(nodes.folder.resolve("state")));
    policies = nodes.first.policies;
    replication = replication(Runnable::run);
  }

  private Replication replication(Executor executor) {
    Replication made =
        new Replication(
            nodes.first.id,
            new PushReplicator(
                nodes.first.catalog,
                policies,
                nodes.first.push,
                new Verification(nodes.first.parts, nodes.first.links, nodes.first.digests),
                volume -> nodes.first.register.tombstone(volume).isPresent()),
            new StoredReplication(database),
            3,
            executor,
            Clock.systemUTC(),
            () -> {},
            EventSink.NONE);
    nodes.first.push.onBegunAnew(made::beginsAnew);
    return made;
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  @DisplayName("P16 X05 rounds without a write ask nothing of ZFS, however many volumes there are")
  void asksNothingWhereNothingIsWritten() throws Exception {
    for (int number = 0; number < 20; number++) {
      replicated("default.v" + number);
    }
    settle();
    List<String> commands = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((command, _) -> commands.add(command));
    nodes.second.pool.breaks((command, _) -> commands.add(command));

    for (int round = 0; round < 100; round++) {
      var _ = replication.round();
    }

    assertEquals(List.of(), commands);
    assertEquals(20, replication.status().size());
  }

  @Test
  void aChangeIsSnapshottedOnceAndProven() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    List<String> commands = new ArrayList<>();
    nodes.first.pool.breaks((command, _) -> commands.add(command));

    replication.changed(volume, Instant.now());
    settle();

    assertEquals(1, commands.stream().filter("takeSnapshot"::equals).count(), commands::toString);
    CopyStatus copy = replication.status(volume).getFirst();
    assertEquals(MemoryPair.latest(nodes.second, volume).guid(), copy.last().orElseThrow().guid());
    assertEquals(MemoryPair.latest(nodes.first, volume).guid(), copy.last().orElseThrow().guid());
    assertEquals(0, copy.lagSeconds());
  }

  @Test
  void aCopyIsToldOfWhenItsVolumeIsNotInThePoolAnyMore() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    String dataset = nodes.first.catalog.require(volume).dataset().name();
    nodes.first.fake.unmount(dataset);
    nodes.first.fake.rename(dataset, "tank/other.name");
    nodes.first.catalog.lookAround();

    CopyStatus copy = failed(volume);
    assertEquals(CopyStatus.State.HINDERED, copy.state());
    assertEquals(VolumeName.parse("default.db"), copy.name());
    assertTrue(
        copy.lastError().orElseThrow().toString().contains("not in the pool any more"),
        copy::toString);
    replication = replication(Runnable::run); // A daemon that never saw the volume knows its row.
    assertEquals(CopyStatus.State.HINDERED, failed(volume).state());

    nodes.first.fake.rename("tank/other.name", dataset);
    nodes.first.catalog.lookAround();
    settle();
    assertEquals(CopyStatus.State.CURRENT, replication.status(volume).getFirst().state());
    assertEquals(
        MemoryPair.latest(nodes.first, volume).guid(),
        MemoryPair.latest(nodes.second, volume).guid());
  }

  @Test
  void whatWasDestroyedByItsUserOrHasNoPolicyLeftIsNotToldOf() throws Exception {
    VolumeId destroyed = replicated("default.a");
    VolumeId vanished = replicated("default.b");
    settle();
    nodes.first.parts.volumes().destroy(destroyed, Condition.NONE);
    nodes.first.fake.clear();
    nodes.first.catalog.lookAround();

    assertEquals(CopyStatus.State.HINDERED, failed(vanished).state());
    assertEquals(List.of(), replication.status(destroyed), "before its policy is swept away, too");
    policies.remove(vanished);
    var _ = replication.round();
    assertEquals(List.of(), replication.status());
  }

  @Test
  @DisplayName("S05 the base is held for the peer before the stream begins")
  void keepsTheBaseBeforeItSends() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    nodes.first.cursors.forget(nodes.second.id); // As if another had owned it until now.
    var base = MemoryPair.latest(nodes.first, volume).guid();
    List<Object> cursorsAtSend = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((command, _) -> {
      if (command.equals("send")) {
        cursorsAtSend.add(nodes.first.cursors.of(volume).get(nodes.second.id));
      }
    });

    replication.changed(volume, Instant.now());
    settle();

    assertEquals(List.of(base), cursorsAtSend);
  }

  @Test
  void aHandoffIsNotRefusedForWhatNobodyAskedFor() throws Exception {
    VolumeId volume = replicated("default.db");
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch wanted = new CountDownLatch(1);
    nodes.first.pool.breaks((command, _) -> {
      if (command.equals("send") && sending.getCount() > 0) {
        sending.countDown();
        try {
          assertTrue(wanted.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    });
    Thread worker = Thread.ofVirtual().start(() -> replication.round());
    assertTrue(sending.await(60, TimeUnit.SECONDS));

    CompletableFuture<HandoffResult> handoff = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                boolean _ = handoff.complete(nodes.handOff(volume));
              } catch (Exception e) {
                boolean _ = handoff.completeExceptionally(e);
              }
            });
    // Once it waits no other copy is begun; then the stream goes on to its end.
    while (!isWanted(volume)) {
      Thread.onSpinWait();
    }
    wanted.countDown();

    assertEquals(1, handoff.get(60, TimeUnit.SECONDS).epoch());
    worker.join();
    var _ = replication.round();
    assertEquals(List.of(), replication.status());
  }

  @Test
  @DisplayName("P02 copies that lack the same are sent it by one zfs send, of one snapshot")
  void severalPeersShareOneStream() throws Exception {
    MemoryNode third = third();
    VolumeId volume = nodes.first.create("default.db").id();
    policies.put(volume, Policy.to(List.of(nodes.second.id, third.id)));
    List<String> commands = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((command, _) -> commands.add(command));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      replication = replication(threads);
      settle();
      replication.changed(volume, Instant.now());
      settle();
    }

    assertEquals(2, Collections.frequency(commands, "send"), commands::toString);
    assertEquals(2, Collections.frequency(commands, "takeSnapshot"), commands::toString);
    Guid latest = MemoryPair.latest(nodes.first, volume).guid();
    for (MemoryNode peer : List.of(nodes.second, third)) {
      assertEquals(latest, MemoryPair.latest(peer, volume).guid());
      assertEquals(latest, nodes.first.cursors.of(volume).get(peer.id));
    }
    assertEquals(
        List.of(latest, latest),
        replication.status(volume).stream().map(copy -> copy.last().orElseThrow().guid()).toList());
  }

  @Test
  @DisplayName("I03 a peer whose stream is cut harms no other one that shares it")
  void aCutStreamHarmsNoOther() throws Exception {
    MemoryNode third = third();
    VolumeId volume = nodes.first.create("default.db").id();
    policies.put(volume, Policy.to(List.of(nodes.second.id, third.id)));
    third.pool.breaksReceives();
    List<String> commands = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((command, _) -> commands.add(command));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      replication = replication(threads);
      await(nodes.second.id, CopyStatus.State.CURRENT);
      await(third.id, CopyStatus.State.FAILED);
      assertEquals(1, Collections.frequency(commands, "send"), commands::toString);
      assertEquals(
          MemoryPair.latest(nodes.first, volume).guid(),
          MemoryPair.latest(nodes.second, volume).guid());
      third.pool.heal();
      settle();
    }

    assertEquals(
        MemoryPair.latest(nodes.first, volume).guid(), MemoryPair.latest(third, volume).guid());
  }

  @Test
  @DisplayName("S05 what a peer may have got unheard is not pruned by pushes to others")
  void whatMayHaveArrivedIsKept() throws Exception {
    MemoryNode third = third();
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = push(volume, third.id);
    nodes.first.links.breaksStreams(wire -> {
      wire.deafen();
      var _ = wire.response.thenRunAsync(wire::cut, nodes.loop.loop());
    });
    nodes.first.links.breaks("result", TransferFailure.PEER_UNREACHABLE.because("down"));
    MemoryPair.assertFails(
        TransferFailure.PEER_UNREACHABLE, () -> push(volume, third.id)); // Yet it has arrived.
    Guid there = MemoryPair.latest(third, volume).guid();
    nodes.first.links.heal();

    for (int push = 0; push < 4; push++) {
      var _ = push(volume, nodes.second.id);
    }

    assertTrue(nodes.first.catalog.require(volume).dataset().snapshot(there).isPresent());
    assertEquals(
        Optional.of(there), push(volume, third.id).streams().getFirst().from(), "an increment");
    var _ = push(volume, nodes.second.id);
    assertTrue(
        nodes.first.catalog.require(volume).dataset().snapshots().size() < 6, "pruned again");
  }

  private PushResult push(VolumeId volume, NodeId peer) throws Exception {
    return nodes.first.push.run(
        volume, peer, true, InitialReplication.ALL, Condition.NONE, new RecordingContext());
  }

  private MemoryNode third() throws Exception {
    MemoryNode third = nodes.another("third");
    third.learn(nodes.first);
    nodes.first.learn(third);
    return third;
  }

  private void await(NodeId peer, CopyStatus.State state) throws InterruptedException {
    do {
      var _ = replication.round();
      TimeUnit.MILLISECONDS.sleep(20);
    } while (replication.status().stream()
        .noneMatch(copy -> copy.peer().equals(peer) && copy.state() == state));
  }

  @Test
  void aCopyThatHasDivergedIsReportedWhereNothingElseIsSaid() throws Exception {
    VolumeId volume = diverged(OnDivergence.REPORT);
    nodes.second.terms = allowing(1);
    List<Snapshot> there = snapshots(volume);

    CopyStatus copy = failed(volume);
    assertEquals(CopyStatus.State.HINDERED, copy.state());
    assertEquals(
        "urn:flocker:problem:diverged", copy.lastError().orElseThrow().get("type"), copy::toString);
    assertEquals(there, snapshots(volume));
  }

  @Test
  @DisplayName(
      "I21 a copy that has diverged is set aside whole, and a new one begun, by leave only")
  void aDivergedCopyIsSetAside() throws Exception {
    VolumeId volume = diverged(OnDivergence.ROTATE);
    List<Snapshot> there = snapshots(volume);

    CopyStatus refused = failed(volume);
    assertEquals(
        "urn:flocker:problem:set-aside-refused",
        refused.lastError().orElseThrow().get("type"),
        refused::toString);
    assertEquals(there, snapshots(volume), "the receiver has not allowed it");

    nodes.second.terms = allowing(1);
    policies.put(volume, rotating(Duration.ofMinutes(2))); // Another policy is tried at once.
    settle();

    assertEquals(
        MemoryPair.latest(nodes.first, volume).guid(),
        MemoryPair.latest(nodes.second, volume).guid());
    MemoryPair.assertReplica(nodes.second, volume, nodes.first, 0);
    Volume aside = aside();
    assertTrue(aside.name().toString().startsWith("default.db.diverged-"), aside::toString);
    assertEquals(there, aside.dataset().snapshots(), "nothing of it is lost");
    assertFalse(aside.dataset().isMounted());
  }

  @Test
  void noMoreAreSetAsideThanTheReceiverAllows() throws Exception {
    VolumeId volume = diverged(OnDivergence.ROTATE);
    nodes.second.terms = allowing(1);
    settle();
    diverge(volume);
    List<Snapshot> there = snapshots(volume);

    assertEquals(
        "urn:flocker:problem:set-aside-refused",
        failed(volume).lastError().orElseThrow().get("type"));
    assertEquals(there, snapshots(volume));
  }

  @Test
  void wherePeersOnlyAppendNothingIsSetAside() throws Exception {
    VolumeId volume = diverged(OnDivergence.ROTATE);
    nodes.second.terms =
        new ReceiverFloor.Terms(RetentionRules.USUAL, true, OptionalLong.empty(), true, 5);
    List<Snapshot> there = snapshots(volume);

    assertEquals(CopyStatus.State.HINDERED, failed(volume).state());
    assertEquals(there, snapshots(volume));
  }

  @Test
  @DisplayName(
      "S10 where the hook before fails no snapshot is taken, and the hook after still runs")
  void noSnapshotWithoutTheHookBefore() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    List<Snapshot> before = MemoryPair.snapshots(nodes.first, volume);
    Path log = nodes.folder.resolve("hooks.log");
    nodes.first.hooks =
        Map.of(
            "freeze", shell("echo $FLOCKER_MOMENT $TEAM >> " + log + "; echo no luck >&2; exit 3"),
            "thaw", shell("echo $FLOCKER_MOMENT $FLOCKER_OUTCOME >> " + log));
    policies.put(volume, hooked(HookPolicy.OnFailure.NO_SNAPSHOT));

    replication.changed(volume, Instant.now());
    CopyStatus failed = failed(volume);

    assertEquals(
        "urn:flocker:problem:hook-failed",
        failed.lastError().orElseThrow().get("type"),
        failed::toString);
    assertTrue(
        String.valueOf(failed.lastError().orElseThrow().get("detail")).contains("no luck"),
        failed::toString);
    assertEquals(before, MemoryPair.snapshots(nodes.first, volume));
    assertEquals(List.of("before storage", "after failed"), Files.readAllLines(log));
  }

  @Test
  @DisplayName("S10 a change is not lost for a hook that failed")
  void goesOnOnceTheHookIsMended() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    nodes.first.hooks = Map.of("freeze", shell("exit 1"), "thaw", shell("exit 0"));
    policies.put(volume, hooked(HookPolicy.OnFailure.NO_SNAPSHOT));
    replication.changed(volume, Instant.now());
    var last = failed(volume).last().orElseThrow().guid();

    nodes.first.hooks = Map.of("freeze", shell("exit 0"), "thaw", shell("exit 0"));
    settle();

    CopyStatus copy = replication.status(volume).getFirst();
    assertNotEquals(last, copy.last().orElseThrow().guid());
    assertEquals(MemoryPair.latest(nodes.second, volume).guid(), copy.last().orElseThrow().guid());
  }

  @Test
  @DisplayName("S10 or one is taken all the same, as the policy says")
  void goesOnWithoutTheHook() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    int before = MemoryPair.snapshots(nodes.first, volume).size();
    Path log = nodes.folder.resolve("hooks.log");
    nodes.first.hooks =
        Map.of("thaw", shell("echo $FLOCKER_MOMENT $FLOCKER_OUTCOME >> " + log + "; exit 1"));
    policies.put(volume, hooked(HookPolicy.OnFailure.GO_ON));

    replication.changed(volume, Instant.now());
    settle();

    assertTrue(MemoryPair.snapshots(nodes.first, volume).size() > before);
    assertEquals(List.of("after taken"), Files.readAllLines(log));
    assertEquals(Optional.empty(), replication.status(volume).getFirst().lastError());
  }

  private static Hook shell(String script) {
    return new Hook(
        List.of("/bin/sh", "-c", script), Map.of("TEAM", "storage"), Duration.ofSeconds(30));
  }

  private Policy hooked(HookPolicy.OnFailure onFailure) {
    return new Policy(
        List.of(nodes.second.id),
        Policy.USUAL_MAX_LAG,
        Policy.USUAL_MIN_INTERVAL,
        InitialReplication.ALL,
        RetentionRules.USUAL,
        Optional.empty(),
        OnDivergence.REPORT,
        Optional.of(new HookPolicy(Optional.of("freeze"), Optional.of("thaw"), onFailure)),
        Optional.empty());
  }

  /** Pools in memory mount nothing: each side reads an empty folder of its own age. */
  @Test
  void aCopyWithOtherFilesHasDriftedHoweverCurrentItIs() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    policies.put(volume, Policy.to(List.of(nodes.second.id)).verifiedEvery(Duration.ofDays(1)));
    nodes.first.links.breaks(moment -> {
      if (moment.equals("digest")) {
        FileClock.awaitTick(nodes.folder); // Or both folders would bear the same time.
      }
    });

    settle();
    settle(); // Once it is there it is compared.

    CopyStatus copy = replication.status(volume).getFirst();
    assertEquals(CopyStatus.State.DRIFTED, copy.state());
    assertEquals(
        copy.last().orElseThrow().guid(),
        copy.verification().orElseThrow().last().orElseThrow().guid());
  }

  @Test
  void driftEndsWithTheCopyWhoeverBeginsTheNextOne() throws Exception {
    VolumeId volume = replicated("default.db");
    settle();
    Copy copy = new Copy(volume, nodes.second.id);
    replication
        .comparing(copy)
        .accept(
            new Verified(
                MemoryPair.latest(nodes.second, volume).guid(),
                "flk.1",
                Instant.now(),
                Optional.of(TransferFailure.COPY_DIFFERS.because("not the same").document())));
    assertEquals(CopyStatus.State.DRIFTED, replication.status(volume).getFirst().state());
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);

    var _ = nodes.push(volume);

    assertFalse(replication.status(volume).getFirst().hasDrifted());
    settle();
    CopyStatus next = replication.status(volume).getFirst();
    assertEquals(CopyStatus.State.CURRENT, next.state());
    assertEquals(MemoryPair.latest(nodes.second, volume).guid(), next.last().orElseThrow().guid());
  }

  @Test
  void aPeerThatIsNoneAnyMoreIsNamedWithWhatToDo() throws Exception {
    VolumeId volume = replicated("default.db");
    nodes.first.links.breaks(
        "view", OwnershipFailure.PEER_UNKNOWN.because("no peer " + nodes.second.id + " is known"));

    CopyStatus copy = failed(volume);

    assertEquals(CopyStatus.State.HINDERED, copy.state());
    String told = copy.lastError().orElseThrow().toString();
    assertTrue(told.contains("no peer of that id any more: " + nodes.second.id), told);
    assertTrue(told.contains("flocker volume replicate"), told);
  }

  /** A copy to which its keeper has added a snapshot of its own. */
  private VolumeId diverged(OnDivergence onDivergence) throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    policies.put(
        volume,
        onDivergence == OnDivergence.ROTATE
            ? rotating(Policy.USUAL_MAX_LAG)
            : Policy.to(List.of(nodes.second.id)));
    settle();
    diverge(volume);
    return volume;
  }

  private void diverge(VolumeId volume) throws Exception {
    Volume copy = nodes.second.catalog.require(volume);
    var _ = nodes.second.fake.snapshot(copy.dataset().name(), "by-hand-" + UUID.randomUUID());
    replication.changed(volume, Instant.now());
  }

  private Policy rotating(Duration maxLag) {
    return new Policy(
        List.of(nodes.second.id),
        maxLag,
        Policy.USUAL_MIN_INTERVAL,
        InitialReplication.ALL,
        RetentionRules.USUAL,
        Optional.empty(),
        OnDivergence.ROTATE,
        Optional.empty(),
        Optional.empty());
  }

  private static ReceiverFloor.Terms allowing(int copies) {
    return new ReceiverFloor.Terms(
        RetentionRules.ofLast(1), true, OptionalLong.empty(), false, copies);
  }

  private List<Snapshot> snapshots(VolumeId volume) throws FailureException {
    return MemoryPair.snapshots(nodes.second, volume);
  }

  private Volume aside() throws FailureException {
    return nodes.second.catalog.list().stream()
        .filter(Volume::isSetAside)
        .findFirst()
        .orElseThrow();
  }

  private boolean isWanted(VolumeId volume) {
    try (VolumeLocks.Lease _ = nodes.first.locks.shareYielding(volume, "test", () -> {})) {
      return false;
    } catch (FailureException e) {
      return e.failure() == OwnershipFailure.VOLUME_LOCKED;
    }
  }

  private VolumeId replicated(String name) throws Exception {
    VolumeId volume = nodes.first.create(name).id();
    policies.put(volume, Policy.to(List.of(nodes.second.id)));
    return volume;
  }

  /** Looks around until the volume's copy has failed; how it stands then. */
  private CopyStatus failed(VolumeId volume) throws InterruptedException {
    do {
      TimeUnit.MILLISECONDS.sleep(20);
      var _ = replication.round();
    } while (replication.status(volume).getFirst().lastError().isEmpty());
    return replication.status(volume).getFirst();
  }

  /** Looks around until every copy has all. */
  private void settle() throws InterruptedException {
    do {
      var _ = replication.round();
      TimeUnit.MILLISECONDS.sleep(20);
    } while (replication.status().stream()
        .anyMatch(copy -> !copy.waitsFor().step().equals("change")));
    var _ = replication.round();
  }
}
