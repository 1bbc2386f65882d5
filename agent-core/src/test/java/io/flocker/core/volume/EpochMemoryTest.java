package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochMemoryTest {
  private static final VolumeId LINEAGE = VolumeId.parse("6b7a1c3e-0f12-4d5a-9e8b-0123456789ab");

  @TempDir private Path folder;

  @Test
  void whatNoEpochCanBeIsNotRememberedAndForgottenWhereItWas() throws Exception {
    EpochMemory memory = EpochMemory.open(folder);
    memory.observe(LINEAGE, Long.MAX_VALUE);
    assertEquals(0, memory.highest(LINEAGE));

    Files.writeString(
        folder.resolve(EpochMemory.FILE),
        "{\"version\": 1, \"epochs\": {\"" + LINEAGE + "\": " + Long.MAX_VALUE + "}}");
    assertEquals(0, EpochMemory.open(folder).highest(LINEAGE));
  }

  @Test
  void theHighestEpochSurvivesARestart() throws IOException, FailureException {
    EpochMemory.open(folder).observe(LINEAGE, 5);
    EpochMemory memory = EpochMemory.open(folder);
    assertEquals(5, memory.highest(LINEAGE));
    assertEquals(0, memory.highest(VolumeId.random()));
    memory.observe(LINEAGE, 5);
    assertFails(OwnershipFailure.STALE_EPOCH, () -> memory.observe(LINEAGE, 4));
    assertEquals(5, EpochMemory.open(folder).highest(LINEAGE));
  }

  @Test
  void theFileIsWrittenAsItAlwaysWas() throws IOException, FailureException {
    EpochMemory.open(folder).observe(LINEAGE, 5);
    assertEquals(
        """
        {
          "version" : 1,
          "epochs" : {
            "6b7a1c3e-0f12-4d5a-9e8b-0123456789ab" : 5
          }
        }\
        """,
        Files.readString(folder.resolve(EpochMemory.FILE)));
  }

  @Test
  void aDamagedFileIsNoEmptyMemory() throws IOException {
    Path file = Files.writeString(folder.resolve(EpochMemory.FILE), "{\"version\":1,\"ep");
    IOException refusal = assertThrows(IOException.class, () -> EpochMemory.open(folder));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith(file.toString()));
  }

  @Test
  void whatCannotBeWrittenIsNotRemembered(@TempDir Path gone) throws IOException, FailureException {
    EpochMemory memory = EpochMemory.open(gone.resolve("missing"));
    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> memory.observe(LINEAGE, 5));
    assertEquals(0, memory.highest(LINEAGE));
  }
}
