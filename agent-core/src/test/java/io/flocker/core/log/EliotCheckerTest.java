package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EliotCheckerTest {
  private static final String START = line("[1]", "'action_type':'flocker:push'", "started");
  private static final String NOTE = line("[2]", "'message_type':'flocker:transfer:proven'");
  private static final String INNER_START =
      line("[3,1]", "'action_type':'flocker:push:plan'", "started");
  private static final String INNER_END =
      line("[3,2]", "'action_type':'flocker:push:plan'", "succeeded");
  private static final String END = line("[4]", "'action_type':'flocker:push'", "succeeded");
  private static final List<String> WHOLE = List.of(START, NOTE, INNER_START, INNER_END, END);

  @Test
  void acceptsAWholeTaskInAnyOrder() {
    List<String> shuffled = new ArrayList<>(WHOLE);
    Collections.reverse(shuffled);

    new EliotChecker().lines("node-1", shuffled).verify();
  }

  @Test
  void acceptsALoneMessage() {
    new EliotChecker()
        .lines("node-1", List.of(line("[1]", "'message_type':'flocker:library'")))
        .verify();
  }

  @Test
  void joinsATaskFromTheLogsOfTwoNodes() {
    String remoteStart = line("[3,1]", "'action_type':'eliot:remote_task'", "started");
    String remoteEnd = line("[3,2]", "'action_type':'eliot:remote_task'", "succeeded");
    EliotChecker first = new EliotChecker().lines("node-1", List.of(START, NOTE, END));

    assertEquals(1, first.faults().size(), "one node's half alone has a gap");
    first.lines("node-2", List.of(remoteStart, remoteEnd)).verify();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          START, NOTE, INNER_START, INNER_END       | has no end
          NOTE, INNER_START, INNER_END, END         | has no start
          START, INNER_START, INNER_END, END        | its items are numbered [1, 3, 4]
          START, NOTE, INNER_START, END             | action /3: has no end
          START, NOTE, NOTE, INNER_START, INNER_END, END | has level /2 twice
          """)
  void namesWhatATaskLacks(String lines, String fault) {
    assertFault(fault, all(lines));
  }

  @Test
  void acceptsACutLineForEachKillAndNoOther() {
    String cut = START.substring(0, START.length() / 2);

    assertEquals(
        List.of(),
        new EliotChecker().allowingParts().allowingCuts(1).lines("log", List.of(cut)).faults());
    assertEquals(
        1,
        new EliotChecker()
            .allowingParts()
            .allowingCuts(1)
            .lines("log", List.of(cut, cut))
            .faults()
            .size());
    assertEquals(
        1,
        new EliotChecker()
            .allowingParts()
            .allowingCuts(1)
            .lines("log", List.of(cut + NOTE))
            .faults()
            .size(),
        "the line after it is lost");
  }

  @Test
  void refusesMessagesAfterTheEnd() {
    String late = line("[5]", "'message_type':'flocker:transfer:proven'");
    List<String> lines = new ArrayList<>(WHOLE);
    lines.add(late);

    assertFault("has items after its end", lines);
  }

  @Test
  void refusesAnActionThatEndsAsAnother() {
    String end = line("[2]", "'action_type':'flocker:handoff'", "succeeded");

    assertFault("ends as another", List.of(START, end));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          nonsense                                     | not a line of JSON
          {"timestamp": NaN}                           | not a line of JSON
          {"timestamp": 1, "timestamp": 2}             | not a line of JSON
          ["a"]                                        | not a JSON object
          {"timestamp": 1.5}                           | task_uuid is no lower-case uuid
          {"task_uuid": "0F8FAD5B-D9CB-469F-A165-70867728950E"} | task_uuid is no lower-case uuid
          {"task_level": "/1"}                         | task_level is no list
          {"task_level": [0]}                          | task_level is no list
          {"timestamp": "1.5"}                         | timestamp is no number
          {"timestamp": 1795334805130}                 | timestamp is no number
          {"timestamp": 1}                             | needs exactly one of
          {"message_type": "flocker:unheard-of"}       | message_type is not registered
          {"action_type": "flocker:unheard-of"}        | action_type is not registered
          {"action_type": "flocker:push"}              | action_type and action_status go together
          {"action_status": "begun"}                   | action_status is not registered
          {"action_status": "failed"}                  | needs exception and reason
          """)
  void refusesWhatIsNoMessage(String line, String fault) {
    assertFault(fault, List.of(line));
  }

  @Test
  void refusesALogThatIsEmptyOrCutShort(@TempDir Path folder) throws IOException {
    Path log = Files.writeString(folder.resolve("log"), WHOLE.getFirst());

    assertTrue(new EliotChecker().file(log).faults().getFirst().contains("cut short"));
    assertThrows(AssertionError.class, () -> new EliotChecker().verify());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "START, NOTE", // killed
        "START, NOTE, END", // another node has the rest
        "INNER_START, INNER_END", // that node's log
        "START, NOTE, INNER_START", // killed in both
        "START, NOTE, INNER_START, END" // what outlives it
      })
  void canTakePartsOfTasks(String lines) {
    new EliotChecker().allowingParts().lines("killed", all(lines)).verify();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NOTE                                      | has no start
          NOTE, INNER_START, INNER_END, END         | has no start
          START, NOTE, NOTE                         | has level /2 twice
          INNER_START, INNER_END, INNER_END         | has level /3/2 twice
          """)
  void takesNoPartsThatAreWrong(String lines, String fault) {
    List<String> faults = new EliotChecker().allowingParts().lines("log", all(lines)).faults();

    assertTrue(faults.stream().anyMatch(told -> told.contains(fault)), faults::toString);
  }

  private static void assertFault(String fault, List<String> lines) {
    List<String> faults = new EliotChecker().lines("log", lines).faults();
    assertTrue(faults.stream().anyMatch(f -> f.contains(fault)), () -> fault + " in " + faults);
  }

  private static List<String> all(String names) {
    return Arrays.stream(names.split(", ")).map(EliotCheckerTest::named).toList();
  }

  private static String named(String name) {
    return switch (name) {
      case "START" -> START;
      case "NOTE" -> NOTE;
      case "INNER_START" -> INNER_START;
      case "INNER_END" -> INNER_END;
      case "END" -> END;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String line(String level, String type, String status) {
    return line(level, type + ",'action_status':'" + status + "'");
  }

  private static String line(String level, String fields) {
    return ("{'task_uuid':'0f8fad5b-d9cb-469f-a165-70867728950e','timestamp':1.5,'task_level':"
            + level
            + ","
            + fields
            + "}")
        .replace('\'', '"');
  }
}
