package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.Step;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.volume.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a push would do; see {@code plan.json}. */
public record PlanDocument(
    String kind, Optional<ConflictDocument> conflict, List<StepDocument> steps) {
  /** Why nothing can be sent. */
  record ConflictDocument(
      String kind, List<SnapshotReference> senderBranch, List<SnapshotReference> receiverBranch) {
    static ConflictDocument of(ReplicationPlan.Conflict conflict) {
      return new ConflictDocument(
          conflict.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          references(conflict.senderBranch()),
          references(conflict.receiverBranch()));
    }
  }

  /** One stream. */
  record StepDocument(
      StreamKind kind,
      Optional<Guid> from,
      SnapshotReference to,
      List<SnapshotReference> snapshots,
      OptionalLong estimateBytes) {
    static StepDocument of(Step step, OptionalLong estimateBytes) {
      return new StepDocument(
          StreamKind.of(step),
          step.from(),
          SnapshotReference.of(step.to()),
          references(step.brings()),
          estimateBytes);
    }
  }

  /** Says how large the stream of a step will be; empty where unknown. */
  @FunctionalInterface
  public interface Estimator {
    /** The estimate in bytes, as {@code Storage.estimate} has it. */
    OptionalLong estimate(Step step) throws FailureException;
  }

  /**
   * The plan as the API shows it.
   *
   * @throws FailureException if {@code estimator} does
   */
  public static PlanDocument of(ReplicationPlan plan, Estimator estimator) throws FailureException {
    return switch (plan) {
      case ReplicationPlan.UpToDate _ ->
          new PlanDocument("up-to-date", Optional.empty(), List.of());
      case ReplicationPlan.Transfer transfer ->
          new PlanDocument("transfer", Optional.empty(), steps(transfer, estimator));
      case ReplicationPlan.Conflict conflict ->
          new PlanDocument("conflict", Optional.of(ConflictDocument.of(conflict)), List.of());
    };
  }

  private static List<StepDocument> steps(ReplicationPlan.Transfer transfer, Estimator estimator)
      throws FailureException {
    List<StepDocument> steps = new ArrayList<>();
    for (Step step : transfer.steps()) {
      steps.add(StepDocument.of(step, estimator.estimate(step)));
    }
    return List.copyOf(steps);
  }

  private static List<SnapshotReference> references(List<Snapshot> snapshots) {
    return snapshots.stream().map(SnapshotReference::of).toList();
  }
}
