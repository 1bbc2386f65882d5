package io.flocker.http.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.json.Json;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What v1 was asked and what it answered, when it was promised: {@code golden/v1.json}. An answer
 * may gain members; whoever has to change one that is there breaks somebody's program.
 */
class GoldenTest {
  private static final Map<String, Pattern> KINDS =
      Map.of(
          "<text>", Pattern.compile(".+"),
          "<integer>", Pattern.compile("[0-9]+"),
          "<boolean>", Pattern.compile("true|false"),
          "<guid>", Pattern.compile("[0-9a-f]{16}"),
          "<uuid>", Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
          "<time>", Pattern.compile("[0-9-]{10}T[0-9:.]+Z"));

  @Test
  void everythingIsAnsweredAsItWas(@TempDir Path folder) throws Exception {
    ApiFixture api = new ApiFixture(folder);
    try {
      for (JsonNode exchange : golden()) {
        replay(api, exchange);
      }
    } finally {
      api.close();
    }
  }

  @Test
  void noticesWhatIsLostOrChanged() {
    JsonNode golden = json("{'a': 1, 'b': [{'c': '<guid>'}]}");

    assertEquals(
        List.of(), differences(golden, json("{'a':1,'b':[{'c':'00000000000000ff','d':1}]}")));
    assertEquals(
        List.of("/a is gone"), differences(golden, json("{'b':[{'c':'00000000000000ff'}]}")));
    assertEquals(
        List.of("/a was 1, is \"1\"", "/b/0/c was \"<guid>\", is 255"),
        differences(golden, json("{'a':'1','b':[{'c':255}]}")));
    assertEquals(List.of("/b had 1 elements, has 0"), differences(golden, json("{'a':1,'b':[]}")));
  }

  private static void replay(ApiFixture api, JsonNode exchange) throws Exception {
    String says = exchange.path("says").stringValue();
    JsonNode expected = exchange.path("response");

    ApiFixture.Answer answer = api.replay(exchange.path("request"));

    assertEquals(expected.path("status").intValue(), answer.status(), () -> says + ": " + answer);
    expected
        .path("headers")
        .properties()
        .forEach(header ->
            assertEquals(header.getValue().stringValue(), answer.header(header.getKey()), says));
    String body = expected.path("body").toString().replace("<self>", api.self().toString());
    List<String> differences =
        expected.has("body")
            ? differences(Json.read(body.getBytes(UTF_8)), answer.body())
            : List.of();
    assertTrue(differences.isEmpty(), () -> says + ": " + differences);
  }

  /** What of {@code golden} is not in {@code now} any more. */
  private static List<String> differences(JsonNode golden, JsonNode now) {
    List<String> differences = new ArrayList<>();
    compare("", golden, now, differences);
    return differences;
  }

  private static void compare(
      String pointer, JsonNode golden, JsonNode now, List<String> differences) {
    if (now.isMissingNode()) {
      differences.add(pointer + " is gone");
    } else if (golden.isObject() && now.isObject()) {
      for (Map.Entry<String, JsonNode> member : golden.properties()) {
        String name = member.getKey();
        compare(pointer + "/" + name, member.getValue(), now.path(name), differences);
      }
    } else if (golden.isArray() && now.isArray()) {
      if (golden.size() != now.size()) {
        differences.add(pointer + " had " + golden.size() + " elements, has " + now.size());
      }
      for (int i = 0; i < Math.min(golden.size(), now.size()); i++) {
        compare(pointer + "/" + i, golden.get(i), now.get(i), differences);
      }
    } else if (!isOfKind(golden, now) && !golden.equals(now)) {
      differences.add(pointer + " was " + golden + ", is " + now);
    }
  }

  private static boolean isOfKind(JsonNode golden, JsonNode now) {
    Pattern kind = KINDS.get(golden.asString(""));
    boolean isText =
        !golden.asString("").equals("<integer>") && !golden.asString("").equals("<boolean>");
    return kind != null
        && now.isValueNode()
        && now.isString() == isText
        && kind.matcher(now.asString()).matches();
  }

  private static JsonNode golden() throws Exception {
    try (InputStream file = GoldenTest.class.getResourceAsStream("/golden/v1.json")) {
      return Json.read(Objects.requireNonNull(file).readAllBytes());
    }
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(UTF_8));
  }
}
