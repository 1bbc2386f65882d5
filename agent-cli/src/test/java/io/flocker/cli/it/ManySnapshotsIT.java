package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.api.VolumeDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A volume that has been snapshotted for years. Needs neither root nor ZFS. */
@Timeout(600)
class ManySnapshotsIT {
  private static final int SNAPSHOTS = 9_000;

  /** As many answers about such a volume as RUNNING.md has room for beside all else. */
  private static final int AT_ONCE = 3;

  @Test
  @DisplayName(
      "a volume of 9,000 snapshots is told, listed and planned in the heap that a daemon has")
  void fitsIntoTheHeapOfADaemonAtBothEnds(@TempDir Path folder) throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, 1 << 20, Integer.MAX_VALUE, 0, "")) {
      TestNode sender = nodes.sender();
      TestNode receiver = nodes.receiver();
      VolumeDocument volume = sender.create("default.old");
      var _ = sender.push(volume.id(), receiver);
      int before = sender.client().snapshots(volume.id()).size();
      for (TestNode node : List.of(sender, receiver)) {
        String dataset = node.volume(volume.id()).dataset();
        node.stop();
        FakePool.addSnapshots(node.pool(), dataset, SNAPSHOTS);
        node.start();
        FakePool.freeze(node.pool());
      }
      List<Long> processes = List.of(sender.daemon().pid(), receiver.daemon().pid());

      List<Callable<Integer>> questions = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        questions.add(() -> sender.client().snapshots(volume.id()).size());
        questions.add(() -> sender.volume(volume.id()).snapshotCount());
        questions.add(() -> receiver.volume(volume.id()).snapshotCount());
      }
      questions.add(() -> {
        var _ = sender.client().planPush(volume.id(), receiver.id());
        return before + SNAPSHOTS;
      });
      for (int told : atOnce(questions)) {
        assertTrue(told >= before + SNAPSHOTS, "only " + told);
      }

      assertTrue(sender.daemon().isAlive() && receiver.daemon().isAlive());
      assertEquals(processes, List.of(sender.daemon().pid(), receiver.daemon().pid()));
      assertEquals(
          TestNode.latest(sender.volume(volume.id())).guid(),
          TestNode.latest(receiver.volume(volume.id())).guid());
    }
  }

  private static List<Integer> atOnce(List<Callable<Integer>> questions) throws Exception {
    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> answer : threads.invokeAll(questions)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }
}
