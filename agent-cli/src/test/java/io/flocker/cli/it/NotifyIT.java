package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flocker.core.json.JsonMappers;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A program of the operator's that is told how copies stand. */
@Timeout(600)
class NotifyIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private final TestNode owner = NODES.first();
  private final TestNode peer = NODES.second();

  @Test
  void theOperatorIsToldOnceOfEachChangeWhateverIsStartedAnew() throws Exception {
    Path told = owner.file("told");
    owner.settings(
        "notify: {pause: 0s, executable: {argv: [/bin/sh, -c, 'cat >> \"$1\"', sh, %s]}}"
            .formatted(told));
    owner.stop();
    owner.start();
    VolumeDocument volume = owner.create("notify.told");
    var _ = owner.client().putReplication(volume.id(), Policy.to(List.of(peer.id())));
    Await.until("the first snapshot to be told of", () -> states(told).equals(List.of("current")));

    peer.daemon().kill();
    Files.writeString(TestNode.folder(volume).resolve("alone"), "text");
    Await.until("the failure to be told of", () -> states(told).getLast().equals("failed"));
    owner.crashAndStart();
    peer.start();
    Await.until("the end of it to be told of", () -> states(told).getLast().equals("current"));

    List<String> states = states(told);
    for (int each = 1; each < states.size(); each++) {
      assertNotEquals(states.get(each - 1), states.get(each), states::toString);
    }
    JsonNode failure = lines(told).get(states.indexOf("failed"));
    assertEquals(owner.id().toString(), failure.path("node").stringValue());
    assertEquals(peer.id().toString(), failure.path("peer").stringValue());
    assertEquals(volume.id().toString(), failure.path("volume").stringValue());
    assertEquals("current", failure.path("before").stringValue());
    assertEquals("link", failure.path("copy").path("lastError").path("side").stringValue());
  }

  private static List<String> states(Path told) throws IOException {
    return lines(told).stream().map(line -> line.path("state").stringValue()).toList();
  }

  private static List<JsonNode> lines(Path told) throws IOException {
    return Files.exists(told)
        ? Files.readAllLines(told).stream().map(line -> JsonMappers.WIRE.readTree(line)).toList()
        : List.of();
  }
}
