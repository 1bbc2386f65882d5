package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.Step;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.Snapshot;
import io.flocker.transfer.push.PushForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a push would do, as the API shows it.
 *
 * @param kind {@code up-to-date}, {@code transfer} or {@code conflict}
 * @param takesSnapshot whether a snapshot is taken first; it is the last that is sent
 * @param conflict what somebody has to decide first
 */
public record PlanView(
    String kind, boolean takesSnapshot, Optional<ConflictView> conflict, List<StepView> steps) {
  private static final int NAMED = 20;

  /**
   * Why nothing can be sent.
   *
   * @param senderBranch the newest that only this node has, oldest first
   * @param receiverBranch the newest that only the peer has, oldest first
   */
  public record ConflictView(
      String kind, List<SnapshotReference> senderBranch, List<SnapshotReference> receiverBranch) {}

  /**
   * One stream.
   *
   * @param to what it ends with; empty for the snapshot that is still to be taken
   * @param snapshots all that it brings of those that are there, oldest first
   */
  public record StepView(
      StreamKind kind,
      Optional<Guid> from,
      Optional<SnapshotReference> to,
      List<SnapshotReference> snapshots,
      OptionalLong estimateBytes) {}

  static PlanView of(PushForecast forecast) throws FailureException {
    boolean takesSnapshot = forecast.takesSnapshot();
    return switch (forecast.plan()) {
      case ReplicationPlan.UpToDate _ ->
          new PlanView("up-to-date", takesSnapshot, Optional.empty(), List.of());
      case ReplicationPlan.Conflict conflict ->
          new PlanView("conflict", false, Optional.of(view(conflict)), List.of());
      case ReplicationPlan.Transfer transfer -> {
        List<StepView> steps = new ArrayList<>();
        for (Step step : transfer.steps()) {
          steps.add(view(step, forecast));
        }
        yield new PlanView("transfer", takesSnapshot, Optional.empty(), steps);
      }
    };
  }

  private static ConflictView view(ReplicationPlan.Conflict conflict) {
    return new ConflictView(
        conflict.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        newest(conflict.senderBranch()),
        newest(conflict.receiverBranch()));
  }

  private static List<SnapshotReference> newest(List<Snapshot> branch) {
    return branch.subList(Math.max(0, branch.size() - NAMED), branch.size()).stream()
        .map(SnapshotReference::of)
        .toList();
  }

  private static StepView view(Step step, PushForecast forecast) throws FailureException {
    return new StepView(
        StreamKind.of(step),
        step.from(),
        Optional.of(step.to())
            .filter(snapshot -> !forecast.isComing(snapshot))
            .map(SnapshotReference::of),
        forecast.present(step.brings()).stream().map(SnapshotReference::of).toList(),
        forecast.estimate(step));
  }
}
