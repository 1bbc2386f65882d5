package io.flocker.http.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {
  private record Sample(
      String zeta, Guid guid, Optional<Instant> at, Optional<String> absent, List<Integer> none) {}

  @Test
  void writesValuesAsTheyTravel() {
    Sample sample =
        new Sample("z", new Guid(-1), Optional.of(Instant.EPOCH), Optional.empty(), List.of());

    assertEquals(
        "{\"zeta\":\"z\",\"guid\":\"ffffffffffffffff\",\"at\":\"1970-01-01T00:00:00Z\",\"none\":[]}",
        new String(Json.write(sample), UTF_8));
  }

  @Test
  void readsBackWhatItWrote() {
    Sample sample = new Sample("z", new Guid(7), Optional.empty(), Optional.of("a"), List.of(1));

    assertEquals(sample, Json.convert(Json.read(Json.write(sample)), Sample.class));
  }

  @Test
  void ignoresWhatTheSchemaHasLetPass() {
    String newer =
        "{\"zeta\":\"z\",\"guid\":\"0000000000000007\",\"none\":[],\"future\":{\"a\":1}}";

    assertEquals("z", Json.convert(Json.read(newer.getBytes(UTF_8)), Sample.class).zeta());
  }

  @Test
  void readsNothingAsMissing() {
    assertTrue(Json.read(new byte[0]).isMissingNode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "{} {}", "{\"a\":1,\"a\":2}", "NaN", "{'a':1}", "\ufeff{}", "[1,]", "01"})
  void refusesWhatIsNotOneStrictDocument(String text) {
    assertThrows(JacksonException.class, () -> Json.read(text.getBytes(UTF_8)));
  }

  @Test
  void refusesOtherEncodings() {
    assertThrows(JacksonException.class, () -> Json.read("{}".getBytes(UTF_16BE)));
    assertThrows(JacksonException.class, () -> Json.read(new byte[] {'"', (byte) 0xff, '"'}));
  }

  @Test
  void refusesDeepNesting() {
    assertThrows(JacksonException.class, () -> Json.read("[".repeat(65).getBytes(UTF_8)));
  }
}
