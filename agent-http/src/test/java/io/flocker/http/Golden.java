package io.flocker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Exchanges with v1 as they were when they were promised. In their texts {@code <name>} stands for
 * what is called so, or for anything of a kind; an exchange {@code keeps} what it points at in its
 * answer under a name for those that follow. One thread.
 */
public final class Golden {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Map<String, Pattern> TEXTS =
      Map.of(
          "<text>", Pattern.compile(".+"),
          "<guid>", Pattern.compile("[0-9a-f]{16}"),
          "<uuid>", Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
          "<time>", Pattern.compile("[0-9-]{10}T[0-9:.]+Z"));
  private static final Map<String, Pattern> VALUES =
      Map.of(
          "<integer>", Pattern.compile("[0-9]+"),
          "<number>", Pattern.compile("[0-9]+([.][0-9]+)?(E-?[0-9]+)?"),
          "<boolean>", Pattern.compile("true|false"));

  private final HttpClient caller;
  private final URI node;
  private final Map<String, String> names;

  /**
   * Exchanges with {@code node}.
   *
   * @param names what is called how; gains what exchanges keep
   */
  public Golden(HttpClient caller, URI node, Map<String, String> names) {
    this.caller = caller;
    this.node = node;
    this.names = names;
  }

  /** The exchanges of a file beside {@code golden/v1.json}. */
  public static JsonNode exchanges(String file) throws IOException {
    try (InputStream golden = Golden.class.getResourceAsStream("/golden/" + file)) {
      return Json.read(Objects.requireNonNull(golden, file).readAllBytes());
    }
  }

  /** Asks again what was asked then; the answer holds all that it held. */
  public void replay(JsonNode exchange) throws IOException, InterruptedException {
    String says = exchange.path("says").stringValue();
    HttpResponse<byte[]> answer = caller.send(request(exchange), BodyHandlers.ofByteArray());
    JsonNode body = Json.read(answer.body());
    exchange
        .path("keeps")
        .properties()
        .forEach(
            kept -> names.put(kept.getKey(), body.at(kept.getValue().stringValue()).asString("")));

    JsonNode expected = filled(exchange.path("response"));
    assertEquals(expected.path("status").intValue(), answer.statusCode(), () -> says + ": " + body);
    expected
        .path("headers")
        .properties()
        .forEach(header ->
            assertEquals(
                header.getValue().stringValue(),
                answer.headers().firstValue(header.getKey()).orElse(""),
                says));
    if (expected.has("body")) {
      List<String> differences = differences(expected.path("body"), body);
      assertEquals(List.of(), differences, () -> says + ": " + body);
    }
  }

  /** What of {@code golden} is not in {@code now} any more. */
  public static List<String> differences(JsonNode golden, JsonNode now) {
    List<String> differences = new ArrayList<>();
    compare("", golden, now, differences);
    return differences;
  }

  private HttpRequest request(JsonNode exchange) {
    JsonNode wanted = filled(exchange.path("request"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve(wanted.path("path").stringValue())).timeout(PATIENCE);
    wanted
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().stringValue()));
    BodyPublisher body = BodyPublishers.noBody();
    if (wanted.has("body")) {
      request.header("Content-Type", "application/json");
      body = BodyPublishers.ofByteArray(Json.write(wanted.path("body")));
    }
    return request.method(wanted.path("method").stringValue(), body).build();
  }

  private JsonNode filled(JsonNode template) {
    String text = template.toString();
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace("<" + name.getKey() + ">", name.getValue());
    }
    return Json.read(text.getBytes(UTF_8));
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
    Pattern kind = (now.isString() ? TEXTS : VALUES).get(golden.asString(""));
    return kind != null && now.isValueNode() && kind.matcher(now.asString()).matches();
  }
}
