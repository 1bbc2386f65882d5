package io.flocker.transfer.attach;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountBookTest {
  private static final UUID BOOT = UUID.fromString("00000000-0000-4000-8000-000000000001");
  private static final VolumeId VOLUME = VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11");
  private static final VolumeName NAME = VolumeName.parse("default.db");
  private static final VolumeName OTHER = VolumeName.parse("default.other");

  @TempDir Path folder;

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void mountsAreCountedByCallerAndOutliveTheDaemon() throws Exception {
    MountBook book = open(BOOT);
    book.mounted(VOLUME, NAME, "a");
    book.mounted(VOLUME, NAME, "a");
    book.mounted(VOLUME, NAME, "b");
    assertEquals(List.of("a", "b"), callers(book));

    MountBook next = open(BOOT);
    assertEquals(List.of("a", "b"), callers(next));
    next.unmounted(NAME, "a");
    next.unmounted(NAME, "a");
    next.unmounted(OTHER, "b");
    assertEquals(List.of("b"), callers(open(BOOT)));
  }

  @Test
  void theFileIsAsItWas() throws Exception {
    open(BOOT).mounted(VOLUME, NAME, "a");

    assertEquals(
        """
        {"version":1,"boot":"00000000-0000-4000-8000-000000000001",\
        "mounts":[{"volume":"6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11","name":"default.db",\
        "caller":"a","since":"2026-01-02T03:04:05Z"}]}\
        """,
        Files.readString(folder.resolve(MountBook.FILE)).replaceAll("\\s", ""));
  }

  @Test
  void noMountOutlivesTheMachinesRun() throws Exception {
    open(BOOT).mounted(VOLUME, NAME, "a");

    assertEquals(List.of(), callers(open(UUID.randomUUID())));
  }

  @Test
  void aVolumeThatWasJustMountedDoesNotLeaveAndOneThatLeavesIsNotMounted() throws Exception {
    MountBook book = open(BOOT);
    book.mounted(VOLUME, NAME, "a");
    assertFails(OwnershipFailure.VOLUME_IN_USE, () -> book.leave(VOLUME).close());

    book.unmounted(NAME, "a");
    try (MountBook.Leave _ = book.leave(VOLUME)) {
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> book.mounted(VOLUME, NAME, "b"));
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> book.leave(VOLUME).close());
    }
    book.mounted(VOLUME, NAME, "b");
    assertEquals(List.of("b"), callers(book));
  }

  /** Whoever calls has looked for processes that hold it, and found none. */
  @Test
  void aMountThatAnEngineHasForgottenKeepsNoVolumeForEver() throws Exception {
    MountBook book = open(BOOT);
    book.mounted(VOLUME, NAME, "a");
    now = now.plus(Duration.ofMinutes(6));

    book.leave(VOLUME).close();

    assertEquals(List.of(), callers(open(BOOT)));
  }

  private MountBook open(UUID boot) throws IOException {
    return MountBook.open(folder, boot, () -> now);
  }

  private static List<String> callers(MountBook book) {
    return book.of(VOLUME).stream().map(MountBook.Mount::caller).toList();
  }
}
