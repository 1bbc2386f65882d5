package io.flocker.http.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.Golden;
import io.flocker.http.json.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What v1 was asked and what it answered, when it was promised: {@code golden/v1.json}, and {@code
 * golden/v1-moves.json} which needs two nodes. An answer may gain members; whoever has to change
 * one that is there breaks somebody's program.
 */
class GoldenTest {
  @Test
  void everythingIsAnsweredAsItWas(@TempDir Path folder) throws Exception {
    ApiFixture api = new ApiFixture(folder);
    try {
      Golden golden =
          new Golden(api.user(), api.url(), new HashMap<>(Map.of("self", api.self().toString())));
      for (JsonNode exchange : Golden.exchanges("v1.json")) {
        golden.replay(exchange);
      }
    } finally {
      api.close();
    }
  }

  @Test
  void noticesWhatIsLostOrChanged() {
    JsonNode golden = json("{'a': 1, 'b': [{'c': '<guid>'}]}");

    assertEquals(
        List.of(),
        Golden.differences(golden, json("{'a':1,'b':[{'c':'00000000000000ff','d':1}]}")));
    assertEquals(
        List.of("/a is gone"),
        Golden.differences(golden, json("{'b':[{'c':'00000000000000ff'}]}")));
    assertEquals(
        List.of("/a was 1, is \"1\"", "/b/0/c was \"<guid>\", is 255"),
        Golden.differences(golden, json("{'a':'1','b':[{'c':255}]}")));
    assertEquals(
        List.of("/b had 1 elements, has 0"), Golden.differences(golden, json("{'a':1,'b':[]}")));
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(UTF_8));
  }
}
