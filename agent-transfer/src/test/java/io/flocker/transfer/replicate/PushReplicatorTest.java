package io.flocker.transfer.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredPolicies;
import io.flocker.core.store.StoredReplication;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.transfer.handoff.HandoffResult;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.pipe.EpollLoop;
import io.flocker.transfer.stream.TransferSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import org.junit.jupiter.api.io.TempDir;

/** The loop over real pushes between two nodes in memory. */
@Timeout(120)
class PushReplicatorTest {
  @RegisterExtension final EpollLoop loop = new EpollLoop();
  @TempDir Path folder;

  private MemoryPair nodes;
  private Database database;
  private Policies policies;
  private Replication replication;

  @BeforeEach
  void open() throws Exception {
    nodes = new MemoryPair(folder, loop);
    database = Database.open(Files.createDirectory(folder.resolve("state")));
    policies = Policies.open(new StoredPolicies(database));
    replication = replication(Runnable::run);
  }

  private Replication replication(Executor executor) {
    return new Replication(
        nodes.first.id,
        new PushReplicator(nodes.first.catalog, policies, nodes.first.push),
        new StoredReplication(database),
        3,
        executor,
        Clock.systemUTC(),
        () -> {},
        EventSink.NONE);
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

  private MemoryNode third() throws Exception {
    MemoryNode third =
        new MemoryNode(folder.resolve("third"), loop.loop(), 4, TransferSettings.defaults());
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
