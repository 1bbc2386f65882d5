package io.flocker.core.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureExceptionTest {
  @Test
  void doesNotGrowWithWhatItTellsOf() {
    String text = "x".repeat(100_000);
    List<Integer> many = IntStream.range(0, 9_000).boxed().toList();

    FailureException failure =
        OwnershipFailure.NEWER_SNAPSHOTS
            .because(text)
            .with("stderr", text)
            .with("snapshots", many)
            .with("peers", many.subList(0, 100));

    assertEquals("x".repeat(2_048) + "...", failure.detail());
    assertEquals("x".repeat(32_768) + "...", failure.members().get("stderr"));
    assertEquals(many.subList(0, 100), failure.members().get("snapshots"));
    assertEquals(9_000, failure.members().get("snapshotsCount"));
    assertEquals(many.subList(0, 100), failure.members().get("peers"));
    assertFalse(failure.members().containsKey("peersCount"));
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertEquals("a...", Excerpt.of("a\ud83d\ude00b", 2));
    assertEquals("a\ud83d\ude00...", Excerpt.of("a\ud83d\ude00b", 3));
    assertEquals("a\ud83d\ude00b", Excerpt.of("a\ud83d\ude00b", 4));
  }
}
