package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.os.HungMount;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.storage.Needs;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.EventStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts that hang, as those of a zfs-fuse that was stopped do. Needs root, and no ZFS. */
@Timeout(300)
class HungMountIT {
  private static final long STREAM_BYTES = 64 << 20;
  private static final long SLOW = 256 << 10;

  /** As many as a daemon has threads that carry virtual ones. */
  private static final int MOUNTS = Math.min(Runtime.getRuntime().availableProcessors(), 12);

  @Test
  @DisplayName("while mounts hang the node answers, and all goes on once they answer")
  void onlyThoseWaitWhoAskTheMount(@TempDir Path folder) throws Exception {
    Needs.root("a mount that hangs");
    try (FakeNodes nodes = FakeNodes.start(folder, STREAM_BYTES, SLOW, 0, "")) {
      TestNode node = nodes.sender();
      CertifiedCaller user = new CertifiedCaller(nodes.user());
      VolumeDocument sound = node.create("default.sound");
      FakePool.hangMounts(node.pool());
      try {
        List<CompletableFuture<Reply>> creates = new ArrayList<>();
        for (int i = 0; i < MOUNTS; i++) {
          creates.add(create(user, node, "default.hung" + i));
        }
        Await.until("all hang", () -> user.metric(node, "flocker_stuck_file_calls") == MOUNTS);
        proveAlive(nodes, sound);
        for (int i = 0; i < MOUNTS; i++) {
          requireRefused(creates.get(i).join(), node, "default.hung" + i);
        }
      } finally {
        FakePool.answer(node.pool());
      }

      Await.until("none hangs", () -> user.metric(node, "flocker_stuck_file_calls") == 0);
      assertEquals(List.of(), node.client().node().warnings());
      Await.until(
          "what was refused can be made",
          () -> create(user, node, "default.hung0").join().status() == 201);
      assertTrue(node.client().volumes().stream().allMatch(VolumeDocument::mounted));
    }
  }

  private static void proveAlive(FakeNodes nodes, VolumeDocument sound) throws Exception {
    TestNode node = nodes.sender();
    NodeDocument told = node.client().node();
    assertEquals(MOUNTS, told.warnings().size(), told::toString);
    assertTrue(
        told.warnings().getFirst().detail().contains(node.pool().mounts() + "/default.hung"),
        told::toString);
    assertTrue(node.client().volumes().stream().anyMatch(one -> one.id().equals(sound.id())));
    try (EventStream events =
        node.client().events(List.of("snapshot.taken"), List.of(), Optional.empty())) {
      events.connect();
      SnapshotDocument snapshot = node.client().takeSnapshot(sound.id());
      assertTrue(events.next().data().toString().contains(snapshot.name()));
    }
    OperationView push = node.client().push(sound.id(), nodes.receiver().id());
    node.client().cancel(push.id());
    assertEquals(OperationState.CANCELLED, node.finish(push).state());
  }

  @Test
  @DisplayName(
      "while the state folder's disk hangs the node answers, and goes on once that answers")
  void onlyThoseWaitWhoWriteState(@TempDir Path folder) throws Exception {
    Needs.root("a mount that hangs");
    try (FakeNodes nodes = FakeNodes.start(folder, STREAM_BYTES, SLOW, 0, "")) {
      TestNode node = nodes.sender();
      CertifiedCaller user = new CertifiedCaller(nodes.user());
      VolumeDocument sound = node.create("default.sound");
      List<CompletableFuture<FailureException>> refusals = new ArrayList<>();
      Path state = node.file("state");
      try (HungMount _ = HungMount.at(state)) {
        for (int i = 0; i < MOUNTS; i++) {
          refusals.add(later(() -> refusedPeer(node)));
        }
        for (CompletableFuture<FailureException> refusal : refusals) {
          assertEquals(RequestFailure.STATE_UNAVAILABLE, refusal.get().failure());
          assertTrue(refusal.get().detail().contains(state.toString()), refusal.get()::detail);
        }
        assertTrue(
            node.client().node().warnings().stream()
                .anyMatch(warning -> warning.detail().contains(state.toString())));
        assertTrue(node.client().volumes().stream().anyMatch(one -> one.id().equals(sound.id())));
        SnapshotDocument _ = node.client().takeSnapshot(sound.id());
      }

      Await.until("none hangs", () -> user.metric(node, "flocker_stuck_file_calls") == 0);
      assertEquals(List.of(), node.client().node().warnings());
      OperationView push = node.client().push(sound.id(), nodes.receiver().id());
      node.client().cancel(push.id());
      assertEquals(OperationState.CANCELLED, node.finish(push).state());
    }
  }

  private static FailureException refusedPeer(TestNode node) {
    Peer peer = new Peer(NodeId.random(), List.of(Address.parse("127.0.0.1:1")), Takeover.NEVER);
    return assertThrows(FailureException.class, () -> node.client().putPeer(peer));
  }

  private static void requireRefused(Reply reply, TestNode node, String name) {
    FailureException failure = reply.fail(StorageFailure.MOUNT_SILENT);
    String mountpoint = node.pool().mounts().resolve(name).toString();
    assertTrue(failure.detail().contains(mountpoint), failure::detail);
    assertEquals(mountpoint, reply.body().path("mountpoint").stringValue());
    assertEquals(node.id().toString(), reply.body().path("node").stringValue());
  }

  private static CompletableFuture<Reply> create(CertifiedCaller user, TestNode node, String name) {
    return later(() -> user.post(node, "/v1/volumes", Map.of("name", name)));
  }

  private static <T> CompletableFuture<T> later(Callable<T> call) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    var _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                reply.complete(call.call());
              } catch (Exception | AssertionError e) {
                reply.completeExceptionally(e);
              }
            });
    return reply;
  }
}
