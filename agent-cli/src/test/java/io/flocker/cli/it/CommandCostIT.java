package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationView;
import io.flocker.core.storage.TestPool;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How often ZFS is asked about one volume, which has nothing to do with how many others are. */
@Timeout(600)
class CommandCostIT {
  private static final int OTHERS = 30;

  /**
   * At the first and at the second node, with zfs-fuse, which sets one property at a time and takes
   * or releases one hold.
   */
  private static final Map<String, List<Integer>> EXPECTED =
      Map.of(
          "one volume", List.of(1, 0),
          "push of nothing", List.of(3, 2),
          "push of an increment", List.of(9, 7),
          "handoff", List.of(34, 34));

  @RegisterExtension
  static final TwoNodes NODES =
      new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual().withFaultyZfs());

  /** What is counted. */
  private interface Work {
    void run() throws Exception;
  }

  @Test
  void costsAsManyCommandsAmongThirtyVolumesAsAlone() throws Exception {
    // One that stays: where the last mount goes, the whole pool may have gone.
    VolumeDocument _ = NODES.first().create("cost.stays");

    Map<String, List<Integer>> alone = costs("cost.alone");
    assertEquals(EXPECTED, alone);
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      for (int i = 0; i < OTHERS; i++) {
        fill(node.pool(), i);
      }
      assertTrue(OTHERS < node.client().volumes().size());
    }

    Map<String, List<Integer>> among = costs("cost.among");

    assertEquals(EXPECTED, among);
  }

  /** A replica of an owner who is nowhere, with snapshots. */
  private static void fill(TestPool pool, int number) throws Exception {
    String dataset = pool.dataset(UUID.randomUUID() + ".other.v" + number);
    String _ = Zfs.run("create", "-o", "canmount=noauto", dataset);
    String _ = Zfs.run("snapshot", dataset + "@a");
    String _ = Zfs.run("snapshot", dataset + "@b");
  }

  private static Map<String, List<Integer>> costs(String name) throws Exception {
    VolumeDocument volume = NODES.first().create(name);
    OperationView _ = NODES.first().push(volume.id(), NODES.second());
    Map<String, List<Integer>> costs = new LinkedHashMap<>();
    costs.put("one volume", counted(() -> NODES.first().volume(volume.id())));
    costs.put("push of nothing", counted(() -> pushNothing(volume)));
    Files.writeString(TestNode.folder(volume).resolve("file"), "text");
    costs.put(
        "push of an increment", counted(() -> NODES.first().push(volume.id(), NODES.second())));
    costs.put("handoff", counted(() -> NODES.first().handOff(volume.id(), NODES.second())));
    return costs;
  }

  private static void pushNothing(VolumeDocument volume) throws Exception {
    Reply reply =
        new CertifiedCaller(NODES.user())
            .post(
                NODES.first(),
                "/v1/volumes/" + volume.id() + "/push",
                Map.of("peer", NODES.second().id(), "snapshot", false));
    OperationView _ = NODES.first().succeed(Json.convert(reply.succeed(), OperationView.class));
  }

  /** How many commands each node runs. */
  private static List<Integer> counted(Work work) throws Exception {
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      Files.deleteIfExists(calls(node));
      node.faults("echo \"$*\" >> '" + calls(node) + "'");
    }
    work.run();
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      node.heal();
    }
    return List.of(count(NODES.first()), count(NODES.second()));
  }

  private static Path calls(TestNode node) {
    return node.file("calls");
  }

  /** A rename that is tried again because the dataset is busy counts once. */
  private static int count(TestNode node) throws IOException {
    if (!Files.exists(calls(node))) {
      return 0;
    }
    int count = 0;
    String before = "";
    for (String call : Files.readAllLines(calls(node))) {
      if (!call.startsWith("rename ") || !call.equals(before)) {
        count++;
      }
      before = call;
    }
    return count;
  }
}
