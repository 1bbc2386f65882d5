package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.os.Holder;
import io.flocker.core.storage.Dataset;
import java.util.List;
import java.util.stream.Collectors;

/** The refusal to take a volume away from processes that use it. */
public final class VolumeInUse {
  private VolumeInUse() {}

  /**
   * Refuses where there are any.
   *
   * @throws FailureException {@code VOLUME_IN_USE} with the {@code holders}
   */
  public static void refuse(Dataset dataset, List<Holder> holders) throws FailureException {
    if (!holders.isEmpty()) {
      throw OwnershipFailure.VOLUME_IN_USE
          .because(dataset.name() + " is in use by " + names(holders))
          .with("holders", holders);
    }
  }

  /** Who they are, for people. */
  static String names(List<Holder> holders) {
    return holders.isEmpty()
        ? "nobody who could be found"
        : holders.stream()
            .map(holder -> holder.command() + " (pid " + holder.pid() + ", " + holder.how() + ")")
            .distinct()
            .collect(Collectors.joining(", "));
  }
}
