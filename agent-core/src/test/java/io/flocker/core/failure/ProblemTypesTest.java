package io.flocker.core.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProblemTypesTest {
  @Test
  void everyProblemTypeIsAsItAlwaysWas() throws IOException {
    assertEquals(
        golden(),
        Failure.all().stream()
            .map(ProblemTypesTest::line)
            .sorted()
            .collect(joining("\n", "", "\n")),
        "whoever reads a type decides by it: add lines to problem-types.txt, never change one");
  }

  @Test
  void everyTypeIsFoundAgainAndMeansOneThing() {
    Set<String> types = new HashSet<>();
    for (Failure failure : Failure.all()) {
      assertTrue(types.add(failure.type()), failure::type);
      assertEquals(Optional.of(failure), Failure.ofType(failure.type()));
    }
    assertEquals(Optional.empty(), Failure.ofType("urn:flocker:problem:of-a-newer-version"));
  }

  @Test
  void aProblemDocumentTellsAllThatIsKnown() {
    FailureException failure =
        OwnershipFailure.NOT_OWNER.because("volume a belongs to b").with("owner", "b");
    assertEquals(
        List.of("type", "title", "status", "detail", "side", "retry", "remedy", "owner"),
        List.copyOf(failure.document().keySet()));
    assertEquals("urn:flocker:problem:not-owner", failure.document().get("type"));
    assertEquals("volume a belongs to b", failure.document().get("detail"));
  }

  private static String line(Failure failure) {
    return String.join(
        " ",
        failure.type(),
        Integer.toString(failure.status()),
        failure.side().toString(),
        failure.retry().toString());
  }

  private static String golden() throws IOException {
    try (InputStream file = ProblemTypesTest.class.getResourceAsStream("problem-types.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }
}
