package io.flocker.http.client;

import io.flocker.core.id.Guid;
import io.flocker.core.plan.SnapshotReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a push would do.
 *
 * @param kind {@code up-to-date}, {@code transfer} or {@code conflict}
 * @param takesSnapshot whether a snapshot is taken first
 */
public record PushPlan(String kind, boolean takesSnapshot, List<Step> steps) {
  public PushPlan {
    Objects.requireNonNull(kind, "kind");
    steps = List.copyOf(steps);
  }

  /**
   * One stream.
   *
   * @param kind full, incremental or resumed
   * @param from guid of the snapshot that it builds on, if any
   * @param to the snapshot that it ends with; null for the one that is still to be taken
   * @param estimateBytes null where the node's ZFS cannot tell
   */
  public record Step(
      String kind,
      @Nullable Guid from,
      @Nullable SnapshotReference to,
      @Nullable Long estimateBytes) {}
}
