package io.flocker.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonMappersTest {
  /** Members that are not in the order of the alphabet, one of them without a value. */
  record Sample(String second, Optional<String> first) {}

  static Stream<JsonMapper> all() {
    return Stream.of(JsonMappers.FILE, JsonMappers.WIRE, JsonMappers.COLUMN);
  }

  @ParameterizedTest
  @MethodSource("all")
  void noneTakesAMemberTwiceOrAnythingAfterTheDocument(JsonMapper mapper) {
    assertThrows(JacksonException.class, () -> mapper.readValue("{\"a\":1,\"a\":2}", Map.class));
    assertThrows(JacksonException.class, () -> mapper.readValue("{\"a\":1} {}", Map.class));
    assertThrows(JacksonException.class, () -> mapper.readTree("{\"a\":1} {}"));
    assertThrows(
        JacksonException.class,
        () -> mapper.readValue("{\"second\":\"a\",\"third\":1}", Sample.class));
  }

  @Test
  void wireAndColumnLeaveOutWhatIsAbsentAndKeepTheOrder() {
    Sample sample = new Sample("a", Optional.empty());
    assertEquals("{\"second\":\"a\"}", JsonMappers.WIRE.writeValueAsString(sample));
    assertEquals("{\"second\":\"a\"}", JsonMappers.COLUMN.writeValueAsString(sample));
  }

  @Test
  void onlyWhatCrossesAWireIsBoundedInItsDepth() {
    String deep = "[".repeat(JsonMappers.MAX_DEPTH + 1) + "]".repeat(JsonMappers.MAX_DEPTH + 1);
    assertThrows(JacksonException.class, () -> JsonMappers.WIRE.readTree(deep));
    assertEquals(1, JsonMappers.COLUMN.readTree(deep).size());
  }
}
