package io.flocker.transfer.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.Snapshot;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReceiveTargetTest {
  private static final String DATASET = "tank/copy";

  /** What ZFS takes, with the dataset's name and the @ between. */
  private static final int LONGEST = 255;

  @Test
  void aNameThatHasNoRoomForTheGuidMakesWayToo() throws FailureException {
    FakeStorage storage = new FakeStorage();
    storage.add(DATASET);
    String name = "n".repeat(LONGEST - DATASET.length() - 1);
    Snapshot held = storage.snapshot(DATASET, name);
    Dataset copy = storage.dataset(DATASET).orElseThrow();

    ReceiveTarget target =
        ReceiveTarget.upon(copy)
            .bringing(List.of(new SnapshotReference(name, new Guid(4711))), copy);

    String renamed = Objects.requireNonNull(target.renamed().get(name));
    assertEquals(LONGEST, DATASET.length() + 1 + renamed.length());
    assertTrue(renamed.endsWith(".replaced-" + held.guid()), renamed);
  }
}
