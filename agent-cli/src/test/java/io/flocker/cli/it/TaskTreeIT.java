package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.EliotChecker;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The logs of two nodes, read as one. */
@Timeout(300)
class TaskTreeIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  void onePushIsOneTaskOnBothNodes() throws Exception {
    VolumeDocument volume = NODES.first().create("task.volume");
    Content.write(TestNode.folder(volume).resolve("file"), 1 << 20, 1);
    NODES.first().push(volume.id(), NODES.second());
    Files.writeString(TestNode.folder(volume).resolve("file"), "changed");
    NODES.first().handOff(volume.id(), NODES.second());
    NODES.first().stop();
    NODES.second().stop();

    for (ActionType whole : List.of(ActionType.PUSH, ActionType.HANDOFF)) {
      String task = taskOf(whole, volume.id());
      List<String> here = lines(NODES.first(), task);
      List<String> there = lines(NODES.second(), task);

      EliotChecker tree = new EliotChecker().lines("first", here).lines("second", there);

      tree.verify();
      assertEquals(1, tree.tasks());
      assertTrue(holds(here, ActionType.TRANSFER_SEND), here::toString);
      assertTrue(holds(there, ActionType.TRANSFER_RECEIVE), there::toString);
      assertTrue(holds(there, ActionType.REMOTE_TASK), there::toString);
    }
    new EliotChecker().file(NODES.first().log()).file(NODES.second().log()).verify();
  }

  /** The task in whose course the first node did that to the volume. */
  private static String taskOf(ActionType type, VolumeId volume) throws IOException {
    return Files.readAllLines(NODES.first().log()).stream()
        .map(TaskTreeIT::message)
        .filter(message -> message.path("action_type").asString("").equals(type.toString()))
        .filter(message -> message.path("volume").asString("").equals(volume.toString()))
        .map(message -> message.path("task_uuid").stringValue())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(TestNode node, String task) throws IOException {
    return Files.readAllLines(node.log()).stream().filter(line -> line.contains(task)).toList();
  }

  private static boolean holds(List<String> lines, ActionType type) {
    return lines.stream()
        .map(TaskTreeIT::message)
        .anyMatch(message -> message.path("action_type").asString("").equals(type.toString()));
  }

  private static JsonNode message(String line) {
    return Json.read(line.getBytes(StandardCharsets.UTF_8));
  }
}
