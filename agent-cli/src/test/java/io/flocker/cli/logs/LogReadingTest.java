package io.flocker.cli.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.Paint;
import io.flocker.core.log.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogReadingTest {
  private static final String TASK = "7d0a9a3e-0000-4000-8000-000000000001";
  private static final String OTHER = "7d0a9a3e-0000-4000-8000-000000000002";
  private static final String VOLUME = "8c6f4ccf-11c0-465c-8409-d25b9e473552";
  private static final UUID KNOWN = UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final Paint NONE = new Paint(false);

  /** A push that another node takes part in. */
  private static final List<String> SENDER =
      List.of(
          began(100, TASK, "1", "operation", "\"volume\":\"" + VOLUME + "\""),
          began(100.5, TASK, "2,1", "zfs", "\"argv\":[\"zfs\",\"list\"]"),
          ended(100.75, TASK, "2,2", "zfs", "succeeded", "\"exit\":0"),
          began(101, TASK, "3,1", "http:call", "\"method\":\"POST\""),
          ended(103, TASK, "3,3", "http:call", "succeeded", ""),
          told(103.5, TASK, "4", "volume:waits", "\"reason\":\"a peer is away\""),
          ended(171, TASK, "5", "operation", "failed", "\"reason\":\"no luck\""));

  private static final List<String> RECEIVER =
      List.of(
          "{\"timestamp\":101.5,\"action_status\":\"started\",\"action_type\":\"eliot:remote_task\","
              + "\"task_level\":[3,2,1],\"task_uuid\":\""
              + TASK
              + "\"}",
          began(101.5, TASK, "3,2,2,1", "http:request", "\"method\":\"POST\""),
          told(102, OTHER, "1", "pool:back", ""),
          ended(102.5, TASK, "3,2,2,2", "http:request", "succeeded", "\"status\":201"));

  private final List<String> printed = new ArrayList<>();

  @Test
  void tellsATaskAsATreeWithItsDurations() throws Exception {
    read(LogFilter.USUAL, Map.of("a", SENDER));

    assertEquals(
        List.of(
            "1970-01-01 00:01:40.000Z  operation FAILED 1:11 volume="
                + VOLUME
                + " reason=\"no luck\"",
            "1970-01-01 00:01:41.000Z    http:call ok 2.0 s method=POST",
            "1970-01-01 00:01:43.500Z    volume:waits reason=\"a peer is away\""),
        printed);
  }

  @Test
  void aLineOfAnImpossibleTimeIsNoMessage() throws Exception {
    List<String> lines =
        Stream.of("31556889864403199", "-1")
            .map(time ->
                "{\"timestamp\":" + time + ",\"task_level\":[1],\"task_uuid\":\"" + TASK + "\"}")
            .toList();

    read(LogFilter.USUAL, Map.of("a", lines));

    assertEquals(lines, printed);
  }

  @Test
  void joinsTheLogsOfTwoNodesByTheirTimes() throws Exception {
    Map<String, List<String>> logs = new LinkedHashMap<>();
    logs.put("node1", SENDER);
    logs.put("b", RECEIVER);

    read(LogFilter.USUAL, logs);

    assertEquals(
        List.of(
            "b      pool:back",
            "node1  operation FAILED 1:11",
            "node1    http:call ok 2.0 s",
            "b          http:request ok 1.0 s",
            "node1    volume:waits"),
        printed.stream()
            .map(line -> line.substring("1970-01-01 00:01:40.000Z  ".length()))
            .map(line -> line.replaceAll(" (volume|method|reason)=.*", ""))
            .map(line -> line.replace("        http:request", "      http:request"))
            .map(line -> line.replace("b        ", "b          "))
            .toList(),
        printed::toString);
  }

  @Test
  void tellsCommandsOfZfsToWhoLooksForAFault() throws Exception {
    read(level(LogLevel.DEBUG), Map.of("a", SENDER));

    assertTrue(
        printed.get(1).contains("zfs ok 250 ms argv=[\"zfs\",\"list\"] exit=0"), printed.get(1));
  }

  @Test
  void leavesOutWhatMattersLessButTheWayToTheRest() throws Exception {
    List<String> log = new ArrayList<>(SENDER.subList(0, 6));
    log.add(ended(110, TASK, "5", "operation", "succeeded", ""));
    log.add(told(111, OTHER, "1", "pool:back", ""));

    read(level(LogLevel.WARN), Map.of("a", log));

    assertEquals(2, printed.size(), printed::toString);
    assertTrue(printed.get(0).contains("  operation ok 10.0 s"), printed.get(0));
    assertTrue(printed.get(1).contains("    volume:waits"), printed.get(1));
  }

  @Test
  void findsWhatIsAboutAVolumeByItsNameOnceTheLogHasToldItsId() throws Exception {
    List<String> log = new ArrayList<>();
    log.add(
        began(
            90,
            OTHER,
            "1",
            "volume:mount",
            "\"volume\":\"" + VOLUME + "\",\"mountpoint\":\"/f/default.db\""));
    log.add(ended(91, OTHER, "2", "volume:mount", "succeeded", ""));
    log.add(
        told(
            92,
            OTHER.replace("2", "3"),
            "1",
            "snapshot:pruned",
            "\"dataset\":\"p/x.default.db.old\""));
    log.addAll(SENDER);

    LogFilter filter =
        new LogFilter(List.of(Mention.ofName("default.db", Set.of())), Instant.MIN, LogLevel.INFO);
    read(filter, Map.of("a", log));

    assertEquals(4, printed.size(), printed::toString);
    assertTrue(printed.get(0).contains("volume:mount ok"), printed.get(0));
    assertTrue(printed.get(1).contains("operation FAILED"), printed.get(1));
  }

  @Test
  void findsAnIdByItsBeginningAndNotInTheMidstOfAnother() throws Exception {
    List<String> log =
        List.of(
            told(1, TASK, "1", "peer:changed", "\"caller\":\"node-" + VOLUME + "\""),
            told(
                2,
                OTHER,
                "1",
                "peer:changed",
                "\"peer\":\"aaaa8c6f-8c6f-4000-8000-000000000000\""));

    read(
        new LogFilter(List.of(Mention.ofId("8c6f")), Instant.MIN, LogLevel.INFO), Map.of("a", log));

    assertEquals(1, printed.size(), printed::toString);
    assertTrue(printed.getFirst().contains(VOLUME), printed::toString);
  }

  @Test
  void tellsWhatADaemonThatWasKilledHasLeftBeforeWhatTheNextOneDoes() throws Exception {
    List<String> log =
        List.of(
            began(1, TASK, "1", "operation", ""),
            began(2, OTHER, "1", "daemon:start", ""),
            ended(3, OTHER, "2", "daemon:start", "succeeded", ""));

    read(LogFilter.USUAL, Map.of("a", log));

    assertEquals(2, printed.size());
    assertTrue(printed.get(0).endsWith("operation (without an end)"), printed::toString);
    assertTrue(printed.get(1).endsWith("daemon:start ok 1.0 s"), printed::toString);
  }

  @Test
  void leavesOutWhatHasEndedBefore() throws Exception {
    List<String> log = new ArrayList<>(SENDER);
    log.addFirst(told(99, OTHER, "1", "pool:back", ""));

    read(new LogFilter(List.of(), Instant.ofEpochSecond(160), LogLevel.INFO), Map.of("a", log));

    assertTrue(printed.getFirst().contains("operation FAILED 1:11"), printed::toString);
  }

  @Test
  void tellsMessagesAsTheyComeToWhoFollows() throws Exception {
    try (InputStream log = stream(SENDER)) {
      LogReading.read(Map.of("a", log), manner(LogFilter.USUAL, true, false), printed::add);
    }

    assertEquals(
        List.of(
            "7d0a9a3e  operation begins volume=" + VOLUME,
            "7d0a9a3e    http:call begins method=POST",
            "7d0a9a3e    http:call ok 2.0 s",
            "7d0a9a3e  volume:waits reason=\"a peer is away\"",
            "7d0a9a3e  operation FAILED 1:11 reason=\"no luck\""),
        printed.stream()
            .map(line -> line.substring("1970-01-01 00:01:40.000Z  ".length()))
            .toList());
  }

  @Test
  void tellsWhoFollowsAVolumeWhatCameBeforeItWasNamed() throws Exception {
    List<String> log =
        List.of(
            began(1, TASK, "1", "http:request", "\"method\":\"POST\""),
            told(1, OTHER, "1", "pool:back", ""),
            began(2, TASK, "2,1", "operation", "\"volume\":\"" + VOLUME + "\""));
    LogFilter filter = new LogFilter(List.of(Mention.ofId(VOLUME)), Instant.MIN, LogLevel.INFO);

    try (InputStream in = stream(log)) {
      LogReading.read(Map.of("a", in), manner(filter, true, false), printed::add);
    }

    assertEquals(2, printed.size(), printed::toString);
    assertTrue(printed.get(0).contains("http:request begins"), printed::toString);
    assertTrue(printed.get(1).contains("operation begins"), printed::toString);
  }

  @Test
  void printsMessagesAsTheyAreForOtherPrograms() throws Exception {
    try (InputStream log = stream(SENDER)) {
      LogReading.read(Map.of("a", log), manner(LogFilter.USUAL, false, true), printed::add);
    }

    List<String> atInfo = SENDER.stream().filter(line -> !line.contains("flocker:zfs")).toList();
    assertEquals(atInfo, printed);
  }

  @Test
  void nothingOfALogMovesATerminal() throws Exception {
    List<String> log =
        List.of(
            told(1, TASK, "1", "hook:said", "\"line\":\"\\u001b[2Jgone\\u202e\""),
            "no message \033[31m of ours");

    read(LogFilter.USUAL, Map.of("a", log));

    assertTrue(
        String.join("", printed).chars().allMatch(c -> c >= ' ' && c < 0x7f), printed::toString);
    assertTrue(printed.stream().anyMatch(line -> line.startsWith("no message")), printed::toString);
  }

  @Test
  void printsATracebackBelowItsMessage() throws Exception {
    read(
        LogFilter.USUAL,
        Map.of(
            "a",
            List.of(
                "{\"timestamp\":1,\"message_type\":\"eliot:traceback\",\"task_level\":[1],\"task_uuid\":\""
                    + TASK
                    + "\",\"traceback\":\"java.io.IOException: x\\n\\tat A.b\"}")));

    assertEquals(List.of("    java.io.IOException: x", "      at A.b"), printed.subList(1, 3));
  }

  /** The oldest counts as ended then: all is told, if not in one piece. */
  @Test
  void keepsABoundedPartOfWhatDoesNotEnd() throws Exception {
    int tasks = 2_000;
    List<InputStream> parts =
        IntStream.range(0, tasks)
            .mapToObj(number ->
                stream(
                    List.of(
                        began(
                            number,
                            "7d0a9a3e-0000-4000-8000-%012d".formatted(number),
                            "1",
                            "operation",
                            "\"text\":\"" + "x".repeat(1_000) + "\""))))
            .toList();
    InputStream log = new SequenceInputStream(Collections.enumeration(parts));

    LogReading.read(Map.of("a", log), manner(LogFilter.USUAL, false, false), printed::add, 100_000);

    assertEquals(tasks, printed.size());
    assertEquals(tasks, Set.copyOf(printed).size());
  }

  @Test
  void callsByTheirNamesWhatIsKnownAndLeavesPathsAsTheyAre() throws Exception {
    String unknown = "22222222-2222-4333-8444-555555555555";
    String more =
        "\"volume\":\"%1$s\",\"peer\":\"%2$s\",\"path\":\"/v1/volumes/%1$s\",\"why\":\"volume %1$s: busy\""
            .formatted(KNOWN, unknown);
    read(LogFilter.USUAL, Map.of("a", List.of(told(1, "t", "1", "volume:waits", more))));

    assertEquals(
        List.of(
            "1970-01-01 00:00:01.000Z  volume:waits volume=default.db peer=%s path=/v1/volumes/%s why=\"volume default.db: busy\""
                .formatted(unknown, KNOWN)),
        printed);
  }

  @Test
  void coloursWhatSomebodyShouldLookAtForWhoWantsThat() throws Exception {
    LogReading.Manner manner =
        new LogReading.Manner(
            LogFilter.USUAL, false, false, ZoneOffset.UTC, new Paint(true), _ -> Optional.empty());
    try (InputStream log = stream(SENDER)) {
      LogReading.read(Map.of("a", log), manner, printed::add);
    }

    assertTrue(printed.get(0).contains("\033[31moperation FAILED 1:11\033[0m"), printed.get(0));
    assertFalse(printed.get(1).contains("\033[31m"), printed.get(1));
  }

  private void read(LogFilter filter, Map<String, List<String>> logs) throws Exception {
    Map<String, InputStream> streams = new LinkedHashMap<>();
    logs.forEach((node, lines) -> streams.put(node, stream(lines)));
    LogReading.read(streams, manner(filter, false, false), printed::add);
  }

  private static LogReading.Manner manner(LogFilter filter, boolean isFollowing, boolean isJson) {
    return new LogReading.Manner(
        filter, isFollowing, isJson, ZoneOffset.UTC, NONE, LogReadingTest::name);
  }

  private static Optional<String> name(UUID id) {
    return id.equals(KNOWN) ? Optional.of("default.db") : Optional.empty();
  }

  private static LogFilter level(LogLevel level) {
    return new LogFilter(List.of(), Instant.MIN, level);
  }

  private static InputStream stream(List<String> lines) {
    String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String began(double at, String task, String place, String type, String more) {
    return ofAction(at, task, place, type, "started", more);
  }

  private static String ended(
      double at, String task, String place, String type, String status, String more) {
    return ofAction(at, task, place, type, status, more);
  }

  private static String ofAction(
      double at, String task, String place, String type, String status, String more) {
    return "{\"timestamp\":%s,\"action_status\":\"%s\",\"action_type\":\"flocker:%s\",\"task_level\":[%s],\"task_uuid\":\"%s\"%s}"
        .formatted(at, status, type, place, task, more.isEmpty() ? "" : "," + more);
  }

  private static String told(double at, String task, String place, String type, String more) {
    return "{\"timestamp\":%s,\"message_type\":\"flocker:%s\",\"task_level\":[%s],\"task_uuid\":\"%s\"%s}"
        .formatted(at, type, place, task, more.isEmpty() ? "" : "," + more);
  }
}
