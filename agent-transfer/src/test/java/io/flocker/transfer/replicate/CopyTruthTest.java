package io.flocker.transfer.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredReplication;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.verify.Verification;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A copy is told as current only while its peer has all that was written. */
@Timeout(120)
class CopyTruthTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private Database database;
  private Replication replication;
  private VolumeId volume;
  private Guid base;

  @BeforeEach
  void replicate() throws Exception {
    database = Database.open(Files.createDirectory(nodes.folder.resolve("state")));
    replication =
        new Replication(
            nodes.first.id,
            new PushReplicator(
                nodes.first.catalog,
                nodes.first.policies,
                nodes.first.push,
                new Verification(nodes.first.parts, nodes.first.links, nodes.first.digests),
                _ -> false),
            new StoredReplication(database),
            3,
            Runnable::run,
            Clock.systemUTC(),
            () -> {},
            EventSink.NONE);
    nodes.first.push.onBegunAnew(replication::beginsAnew);
    nodes.first.news.onGone(replication::beginsAnew);
    volume = nodes.first.create("default.db").id();
    nodes.first.policies.put(volume, Policy.to(List.of(nodes.second.id)));
    settle();
    base = MemoryPair.latest(nodes.second, volume).guid();
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  void whatWasWrittenIsSentThoughTheSnapshotOfACutStreamWasDestroyed() throws Exception {
    MemoryPair.lose(nodes.first, volume, cut());
    nodes.heal();

    settle();

    assertCurrentWithNews();
  }

  @Test
  void whatIsDestroyedWhileItIsSentIsSnapshottedAgain() throws Exception {
    AtomicReference<Snapshot> lost = new AtomicReference<>();
    nodes.first.pool.breaks((command, _) -> {
      if (command.equals("send") && lost.get() == null) {
        lost.set(MemoryPair.latest(nodes.first, volume));
        MemoryPair.lose(nodes.first, volume, lost.get());
        throw TransferFailure.BASE_MISSING.because("as the peer may say");
      }
    });
    replication.changed(volume, Instant.now());

    settle();

    assertCurrentWithNews();
  }

  @Test
  void aQuietCopyThatIsGoneIsSentWholeOnceItsPeerSaysSo() throws Exception {
    nodes.second.fake.clear();
    nodes.second.catalog.lookAround();
    nodes.first.policies.put( // Is news to the peer, as its return would be.
        volume, Policy.to(List.of(nodes.second.id, nodes.first.id)));

    var _ = nodes.first.news.round();
    assertEquals(CopyStatus.State.NEW, replication.status(volume).getFirst().state());
    settle();

    assertEquals(CopyStatus.State.CURRENT, replication.status(volume).getFirst().state());
    assertEquals(
        MemoryPair.latest(nodes.first, volume).guid(),
        MemoryPair.latest(nodes.second, volume).guid());
  }

  /** Something was written, and the stream with it was cut; the snapshot that was taken for it. */
  private Snapshot cut() throws Exception {
    nodes.second.pool.breaksReceives();
    replication.changed(volume, Instant.now());
    do {
      TimeUnit.MILLISECONDS.sleep(20);
      var _ = replication.round();
    } while (replication.status(volume).getFirst().lastError().isEmpty());
    Snapshot taken = MemoryPair.latest(nodes.first, volume);
    assertNotEquals(base, taken.guid());
    return taken;
  }

  private void assertCurrentWithNews() throws Exception {
    CopyStatus copy = replication.status(volume).getFirst();
    Guid there = MemoryPair.latest(nodes.second, volume).guid();
    assertEquals(CopyStatus.State.CURRENT, copy.state());
    assertNotEquals(base, there, "what was written has never left");
    assertEquals(MemoryPair.latest(nodes.first, volume).guid(), there);
    assertEquals(there, copy.last().orElseThrow().guid());
  }

  /** Looks around until the copy is said to have all. */
  private void settle() throws InterruptedException {
    do {
      var _ = replication.round();
      TimeUnit.MILLISECONDS.sleep(20);
    } while (!replication.status(volume).getFirst().waitsFor().step().equals("change"));
  }
}
