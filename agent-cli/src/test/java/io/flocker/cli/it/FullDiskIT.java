package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.storage.Needs;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** State and log on a disk that is full for a while. Needs root, to mount it, and no ZFS. */
@Timeout(300)
class FullDiskIT {
  private static final String DISK = "4m";
  private static final int MOST_CHANGES = 500;
  private static final int ENTRIES = 16;

  @TempDir private Path folder;

  @Test
  @DisplayName("a full disk is 503 with the place named, and all goes on once there is room")
  void goesOnOnceThereIsRoom() throws Exception {
    Needs.root("FullDiskIT");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "flocker-test", disk.toString());
    try {
      String settings =
          "state: %s\nlog: { target: file, file: %s }"
              .formatted(disk.resolve("state"), disk.resolve("log"));
      try (FakeNodes nodes = FakeNodes.start(folder, 1 << 20, 1 << 30, 0, "")) {
        proveOn(nodes, settings, disk);
      }
    } finally {
      run("umount", "--lazy", disk.toString());
    }
  }

  private static void proveOn(FakeNodes nodes, String settings, Path disk) throws Exception {
    TestNode node = nodes.sender();
    node.stop();
    node.settings(settings);
    node.start();
    node.learn(nodes.receiver());
    VolumeDocument volume = node.create("default.before");
    CertifiedCaller user = new CertifiedCaller(node.clientCredentials());
    String peer = "/v1/peers/" + NodeId.random();
    Map<String, Object> addresses = Map.of("addresses", List.of("127.0.0.1:9"));

    fill(disk);

    user.send("PUT", node, peer, addresses).fail(RequestFailure.STATE_UNAVAILABLE);
    Reply change = change(user, node, volume);
    for (int i = 0; change.status() == 200 && i < MOST_CHANGES; i++) {
      change = change(user, node, volume); // The database's log has room of its own for some.
    }
    for (int i = 0; i < 3; i++) {
      change(user, node, volume).fail(RequestFailure.STATE_UNAVAILABLE);
      user.send("PUT", node, peer, addresses).fail(RequestFailure.STATE_UNAVAILABLE);
    }
    assertTrue(dropped(user, node) > 0, "what the log has lost is counted");
    assertEquals(200, user.get(node, "/v1/volumes").status());

    Files.delete(disk.resolve("filling"));

    user.send("PUT", node, peer, addresses).succeed();
    change(user, node, volume).succeed();
    OperationView _ = node.push(volume.id(), nodes.receiver());
    assertTrue(user.get(node, peer).succeed().isObject());
  }

  /** A change whose key and answer are kept, so that the database grows. */
  private static Reply change(CertifiedCaller user, TestNode node, VolumeDocument volume)
      throws Exception {
    Map<String, String> metadata = new HashMap<>();
    for (int i = 0; i < ENTRIES; i++) {
      metadata.put("key" + i, UUID.randomUUID().toString().repeat(5));
    }
    return user.patch(node, "/v1/volumes/" + volume.id(), Map.of("metadata", metadata));
  }

  private static double dropped(CertifiedCaller user, TestNode node) throws Exception {
    return user.metric(node, "flocker_log_dropped_messages_total");
  }

  private static void fill(Path disk) throws IOException {
    byte[] page = new byte[4_096];
    Arrays.fill(page, (byte) 1);
    try (OutputStream file = Files.newOutputStream(disk.resolve("filling"))) {
      while (true) {
        file.write(page);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("space"), e::toString);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
