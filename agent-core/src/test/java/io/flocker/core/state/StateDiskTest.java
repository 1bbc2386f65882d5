package io.flocker.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDiskTest {
  @TempDir Path folder;

  @Test
  void theProofLeavesNothing() throws Exception {
    new StateDisk(folder).requireWritable();

    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
    assertEquals(Optional.empty(), new StateDisk(folder).shortage());
  }

  @Test
  void whatCannotBeWrittenIsSaid() {
    StateDisk gone = new StateDisk(folder.resolve("gone"));

    FailureException refusal = assertThrows(FailureException.class, gone::requireWritable);

    assertEquals(RequestFailure.STATE_UNAVAILABLE, refusal.failure());
    assertTrue(refusal.detail().contains("gone"), refusal.detail());
    assertTrue(gone.shortage().isPresent());
  }
}
