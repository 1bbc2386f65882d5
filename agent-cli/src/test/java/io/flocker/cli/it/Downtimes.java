package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.http.docker.TestEngine;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Between which two acknowledged writes an application was down for a move, and what took how long.
 */
final class Downtimes {
  private static final String ALL = "**all**";
  private static final double NANOS = 1e9;

  private final Map<String, List<Duration>> parts = new LinkedHashMap<>();

  /** Something that is told of, and when. */
  private record Mark(String part, Instant end) {}

  /**
   * Adds one move, by what both nodes' logs and both engines say of it.
   *
   * @param told when both nodes had been told
   * @param since when all that both engines are asked about began
   */
  void add(
      Instant told,
      List<AcknowledgedWrites.Write> writes,
      TestNode from,
      TestEngine left,
      TestEngine reached,
      Instant since)
      throws IOException, InterruptedException {
    Instant last = told;
    Instant first = told;
    for (int index = 1; index < writes.size(); index++) {
      Instant before = writes.get(index - 1).time();
      Instant after = writes.get(index).time();
      boolean isOfMove = after.isAfter(told);
      if (isOfMove
          && Duration.between(before, after).compareTo(Duration.between(last, first)) > 0) {
        last = before;
        first = after;
      }
    }
    List<Mark> marks =
        List.of(
            new Mark("stop", event(left, since, last, "die")),
            new Mark("take the container away", event(left, since, last, "destroy")),
            new Mark("begin the handoff", log(from, last, "flocker:handoff", "started")),
            new Mark("prepare", log(from, last, "flocker:handoff:prepare", "succeeded")),
            new Mark(
                "increment while mounted", log(from, last, "flocker:handoff:quiesce", "started")),
            new Mark("unmount", log(from, last, "flocker:handoff:quiesce", "succeeded")),
            new Mark("last increment", log(from, last, "flocker:handoff:release", "started")),
            new Mark("release", log(from, last, "flocker:handoff:release", "succeeded")),
            new Mark("acquire and mount", log(from, last, "flocker:handoff:acquire", "succeeded")),
            new Mark("create", event(reached, since, last, "create")),
            new Mark("start", event(reached, since, last, "start")),
            new Mark("first write", first));
    Instant begun = last;
    for (Mark mark : marks) {
      Instant end = mark.end().isBefore(begun) ? begun : mark.end();
      parts.computeIfAbsent(mark.part(), _ -> new ArrayList<>()).add(Duration.between(begun, end));
      begun = end;
    }
    Duration all = Duration.between(last, first);
    parts.computeIfAbsent(ALL, _ -> new ArrayList<>()).add(all);
  }

  /** In seconds, in Markdown. */
  String table() {
    StringBuilder table = new StringBuilder("| s | p50 | max |\n|---|---:|---:|\n");
    parts.forEach((part, times) -> {
      List<Duration> sorted = times.stream().sorted().toList();
      table.append(
          "| %s | %.2f | %.2f |\n"
              .formatted(part, seconds(sorted.get(sorted.size() / 2)), seconds(sorted.getLast())));
    });
    return table.toString();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  /** When an engine did that first after {@code after}; that, if it never did. */
  private static Instant event(TestEngine engine, Instant since, Instant after, String action)
      throws IOException, InterruptedException {
    String events =
        engine.docker(
            "events",
            "--since",
            String.valueOf(since.getEpochSecond()),
            "--until",
            String.valueOf(Instant.now().getEpochSecond() + 1),
            "--filter",
            "event=" + action,
            "--format",
            "{{.TimeNano}}");
    return events
        .lines()
        .map(line -> Instant.ofEpochSecond(0, Long.parseLong(line.strip())))
        .filter(time -> time.isAfter(after))
        .findFirst()
        .orElse(after);
  }

  /** When that was logged first after {@code after}; that, if it never was. */
  private static Instant log(TestNode node, Instant after, String type, String status)
      throws IOException {
    try (Stream<String> lines = Files.lines(node.log())) {
      return lines
          .filter(line -> line.contains(type))
          .map(line -> Json.read(line.getBytes(UTF_8)))
          .filter(message ->
              message.path("action_type").asString("").equals(type)
                  && message.path("action_status").asString("").equals(status))
          .map(Downtimes::time)
          .filter(time -> time.isAfter(after))
          .findFirst()
          .orElse(after);
    }
  }

  private static Instant time(JsonNode message) {
    double seconds = message.path("timestamp").asDouble();
    long whole = (long) seconds;
    return Instant.ofEpochSecond(whole, (long) ((seconds - whole) * NANOS));
  }
}
