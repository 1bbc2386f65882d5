package io.flocker.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UuidsTest {
  private static final int MANY = 1_000;

  @Test
  void thoseOfATimeSortByIt() {
    List<String> made =
        Stream.of(0L, 1L, 255L, 256L, 1_764_000_000_000L, 1_764_000_000_001L, (1L << 48) - 1)
            .map(millis -> Uuids.at(Instant.ofEpochMilli(millis)).toString())
            .toList();
    assertEquals(made.stream().sorted().toList(), made);
  }

  @Test
  void thoseOfOneMomentAreDifferentAndOfTheVersionThatSaysSo() {
    Set<UUID> made = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      UUID uuid = Uuids.at(Instant.EPOCH.plusMillis(1));
      assertEquals(7, uuid.version());
      assertEquals(2, uuid.variant());
      assertTrue(uuid.toString().startsWith("00000000-0001-7"), uuid.toString());
      var _ = made.add(uuid);
    }
    assertEquals(MANY, made.size());
  }

  @Test
  void onlyTheOneFormIsRead() {
    String form = "0198c7a5-3a00-7abc-8def-0123456789ab";
    assertEquals(form, Uuids.parse("volume", form).toString());
    for (String other : List.of("1-1-1-1-1", form.toUpperCase(Locale.ROOT), "")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Uuids.parse("volume", other))
              .getMessage();
      assertEquals("a volume is a lower-case uuid with dashes, not '" + other + "'", message);
    }
  }
}
