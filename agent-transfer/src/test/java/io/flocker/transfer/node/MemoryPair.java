package io.flocker.transfer.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.FolderTree;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.handoff.HandoffResult;
import io.flocker.transfer.pipe.EpollLoop;
import io.flocker.transfer.push.PushResult;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.stream.TransferSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.function.Executable;

/** Two nodes in memory that know each other, as an extension: a test has new ones, and a loop. */
public final class MemoryPair implements AfterEachCallback, AutoCloseable {
  private static final int LIMIT = 4;

  /** Where the streams of both live. */
  public final EpollLoop loop = new EpollLoop();

  /** Of this pair alone, and gone with it. */
  public final Path folder;

  public final MemoryNode first;
  public final MemoryNode second;

  /** Nodes as they are without any settings. */
  public MemoryPair() {
    this(TransferSettings.defaults());
  }

  /** The same with other settings. */
  public MemoryPair(TransferSettings settings) {
    try {
      folder = Files.createTempDirectory("pair");
      first = node("first", LIMIT, settings);
      second = node("second", LIMIT, settings);
      first.learn(second);
      second.learn(first);
    } catch (IOException | FailureException e) {
      throw new IllegalStateException("no two nodes", e);
    }
  }

  /** One more node, which knows nobody yet. */
  public MemoryNode another(String name) throws IOException, FailureException {
    return another(name, LIMIT);
  }

  /** The same, which takes and sends so many streams at once. */
  public MemoryNode another(String name, int limit) throws IOException, FailureException {
    return node(name, limit, TransferSettings.defaults());
  }

  private MemoryNode node(String name, int limit, TransferSettings settings)
      throws IOException, FailureException {
    return new MemoryNode(folder.resolve(name), loop.loop(), limit, settings);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    close();
  }

  @Override
  public void close() throws IOException {
    first.confirmer.close();
    second.confirmer.close();
    loop.close();
    FolderTree.delete(folder);
  }

  /** Pushes from the first node to the second one what is there now. */
  public PushResult push(VolumeId volume) throws Exception {
    return push(volume, new RecordingContext());
  }

  /** The same, as that operation. */
  public PushResult push(VolumeId volume, RecordingContext context) throws Exception {
    return first.push.run(volume, second.id, true, InitialReplication.ALL, Condition.NONE, context);
  }

  /** Hands off from the first node to the second one. */
  public HandoffResult handOff(VolumeId volume) throws Exception {
    return handOff(volume, new RecordingContext());
  }

  /** The same, as that operation. */
  public HandoffResult handOff(VolumeId volume, RecordingContext context) throws Exception {
    return first.handoff.run(volume, second.id, InitialReplication.ALL, Condition.NONE, context);
  }

  /** Nothing is broken any more. */
  public void heal() {
    for (MemoryNode node : List.of(first, second)) {
      node.pool.heal();
      node.links.heal();
      node.beforeJournal = (_, _) -> {};
      node.usersBefore.clear();
      node.usersAfter.clear();
    }
  }

  /** The node owns the volume, its users can write it, and its name says so. */
  public static void assertOwner(MemoryNode node, VolumeId id, long epoch) throws Exception {
    assertWriter(node, id, epoch);
    String dataset = node.catalog.require(id).dataset().name();
    assertTrue(dataset.contains(node.id.toString()), dataset);
  }

  /** The node owns the volume and its users can write it, whatever its dataset is named. */
  public static void assertWriter(MemoryNode node, VolumeId id, long epoch) throws Exception {
    Volume volume = node.catalog.require(id);
    assertEquals(Role.OWNER, volume.role());
    assertEquals(node.id, volume.owner());
    assertEquals(epoch, volume.epoch());
    assertTrue(volume.dataset().isMounted(), "mounted at its owner");
    assertFalse(volume.dataset().isReadonly(), "writable at its owner");
  }

  /** The node has a copy of what {@code owner} owns, and nobody can write it. */
  public static void assertReplica(MemoryNode node, VolumeId id, MemoryNode owner, long epoch)
      throws Exception {
    Volume volume = node.catalog.require(id);
    assertEquals(Role.REPLICA, volume.role());
    assertEquals(owner.id, volume.owner());
    assertEquals(epoch, volume.epoch());
    assertFalse(volume.dataset().isMounted(), "mounted although a replica");
    assertTrue(volume.dataset().isReadonly(), "writable although a replica");
    assertTrue(volume.dataset().name().contains(owner.id.toString()), volume.dataset().name());
  }

  /** Fails for that reason. */
  public static FailureException assertFails(Failure expected, Executable work) {
    FailureException failure = assertThrows(FailureException.class, work);
    assertEquals(expected, failure.failure(), failure::getMessage);
    return failure;
  }

  /** The snapshots of the volume there. */
  public static List<Snapshot> snapshots(MemoryNode node, VolumeId id) throws FailureException {
    return node.catalog.require(id).dataset().snapshots();
  }

  /** The latest snapshot of the volume there. */
  public static Snapshot latest(MemoryNode node, VolumeId id) throws FailureException {
    return node.catalog.require(id).dataset().latest().orElseThrow();
  }

  /** The node's disk goes back to before it had that snapshot. */
  public static void lose(MemoryNode node, VolumeId id, Snapshot lost) throws FailureException {
    String dataset = node.catalog.require(id).dataset().name();
    for (String tag : List.copyOf(node.fake.holds(dataset, lost.name()))) {
      node.fake.release(dataset, lost.name(), tag);
    }
    node.fake.destroySnapshot(dataset, lost.name());
  }
}
