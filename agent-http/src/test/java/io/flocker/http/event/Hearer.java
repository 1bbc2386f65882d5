package io.flocker.http.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.RawConnection;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Somebody who listens to {@code /v1/events}, and reads only when a test says so. */
public final class Hearer implements AutoCloseable {
  private final RawConnection connection;
  private String pending = "";
  private String lastId = "";

  private Hearer(RawConnection connection) {
    this.connection = connection;
  }

  /** One event. */
  public record Heard(String id, String type, JsonNode data) {
    /** A member of its data. */
    public String text(String member) {
      return data.path(member).asString();
    }
  }

  /** Begins to listen, and reads as far as the greeting. */
  public static Hearer open(RawConnection connection, String query, String... headers)
      throws IOException {
    Hearer hearer = new Hearer(connection);
    List<String> lines = new ArrayList<>();
    lines.add("GET /v1/events" + query + " HTTP/1.1");
    lines.add("Host: test");
    lines.addAll(List.of(headers));
    RawConnection.Response response =
        connection.send(RawConnection.head(lines.toArray(String[]::new))).openResponse();
    assertEquals(200, response.status());
    assertEquals("text/event-stream", response.headers().get("content-type"));
    String greeting = hearer.block();
    assertEquals("retry: 2000", greeting.lines().findFirst().orElseThrow());
    hearer.lastId = value(greeting, "id");
    return hearer;
  }

  /** The id to come back with. */
  public String lastId() {
    return lastId;
  }

  /** The next event; what is none is read over. */
  public Heard next() throws IOException {
    while (true) {
      String block = block();
      lastId = block.contains("id: ") ? value(block, "id") : lastId;
      if (block.contains("data: ")) {
        JsonNode data = Json.read(value(block, "data").getBytes(UTF_8));
        return new Heard(lastId, value(block, "event"), data);
      }
    }
  }

  /** The next lines, as far as an empty one. */
  public String block() throws IOException {
    while (!pending.contains("\n\n")) {
      String chunk = connection.chunk();
      if (chunk.isEmpty()) {
        throw new IOException("the response has ended");
      }
      pending += chunk;
    }
    int end = pending.indexOf("\n\n");
    String block = pending.substring(0, end);
    pending = pending.substring(end + 2);
    return block;
  }

  /** Whether the response and the connection end here. */
  public boolean isEnded() throws IOException {
    return pending.isEmpty() && connection.chunk().isEmpty() && connection.isEnded();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private static String value(String block, String field) {
    return block
        .lines()
        .filter(line -> line.startsWith(field + ": "))
        .findFirst()
        .orElseThrow()
        .substring(field.length() + 2);
  }
}
