package io.flocker.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  private static final String UUID_TEXT = "0f8fad5b-d9cb-469f-a165-70867728950e";

  @ParameterizedTest
  @ValueSource(strings = {"@/2/4", "@/1", "@/"})
  void isWhatItsHeaderSays(String level) {
    assertEquals(
        Optional.of(UUID_TEXT + level), TaskId.parse(UUID_TEXT + level).map(TaskId::toString));
  }

  @Test
  void readsThePlaceInTheTree() {
    assertEquals(
        Optional.of(new TaskId(UUID.fromString(UUID_TEXT), List.of(2, 4))),
        TaskId.parse(UUID_TEXT + "@/2/4"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "@/", "@2/4", "@/0", "@/-1", "@/a", "@/1//2", "@/99999999999", "@/1 "})
  void ignoresWhatIsMalformed(String level) {
    String uuid = level.equals("@/") ? "nonsense" : UUID_TEXT;

    assertEquals(Optional.empty(), TaskId.parse(uuid + level));
  }

  @Test
  void ignoresATreeThatIsTooDeep() {
    assertEquals(Optional.empty(), TaskId.parse(UUID_TEXT + "@" + "/1".repeat(65)));
  }
}
