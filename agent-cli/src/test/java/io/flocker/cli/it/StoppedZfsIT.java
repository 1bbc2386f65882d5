package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Needs;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.EventStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A zfs-fuse that is stopped: its commands wait, and in the kernel whoever looks into its mounts.
 */
@Timeout(300)
class StoppedZfsIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  /** Where {@code init/with-zfs} writes the pid of a zfs-fuse of its own. */
  private static final Path ZFS = Path.of("/run/zfs/daemon");

  /** More than commands of ZFS may run at once. */
  private static final int QUESTIONS = 20;

  @Test
  @DisplayName("while its ZFS is stopped a node answers, and goes on by itself once it is not")
  void answersWhatNeedsNoZfs() throws Exception {
    Needs.ability(Files.exists(ZFS), Needs.Ability.STOP);
    TestNode node = NODES.first();
    CertifiedCaller user = new CertifiedCaller(NODES.user());
    VolumeDocument volume = node.create("stopped.a");
    Files.writeString(TestNode.folder(volume).resolve("file"), "text");
    List<Future<Reply>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      signal("STOP");
      try {
        for (int i = 0; i < QUESTIONS; i++) {
          asked.add(threads.submit(() -> user.get(node, "/v1/volumes/" + volume.id())));
        }
        asked.add(threads.submit(() -> user.delete(node, "/v1/volumes/" + volume.id())));
        Future<Reply> told = threads.submit(() -> user.get(node, "/v1/node"));
        for (Future<Reply> question : asked) {
          proveAlive(node, user);
          assertTrue(List.of(200, 409, 503).contains(question.get().status()), question::toString);
        }
        assertEquals(200, told.get().status());
        proveAlive(node, user);
      } finally {
        signal("CONT");
      }
    }
    Await.until("it is mounted", () -> node.volume(volume.id()).mounted());
    assertEquals("text", Files.readString(TestNode.folder(volume).resolve("file")));
    node.push(volume.id(), NODES.second());
    assertEquals(0, user.metric(node, "flocker_stuck_file_calls"));
  }

  private static void proveAlive(TestNode node, CertifiedCaller user) throws Exception {
    assertEquals(200, user.get(node, "/v1/version").status());
    assertEquals(200, user.get(node, "/v1/operations").status());
    assertTrue(user.text(node, "/metrics").contains("flocker_stuck_file_calls"));
    try (EventStream events = node.client().events(List.of(), List.of(), Optional.empty())) {
      events.connect();
    }
  }

  private static void signal(String name) throws IOException, InterruptedException {
    String pid = Files.readString(ZFS).strip();
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor());
  }
}
