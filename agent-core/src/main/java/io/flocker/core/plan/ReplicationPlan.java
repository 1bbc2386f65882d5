package io.flocker.core.plan;

import static java.util.stream.Collectors.joining;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.Point;
import io.flocker.core.storage.Snapshot;
import java.util.List;

/** What has to happen so that a receiver comes to hold what the policy wants it to hold. */
public sealed interface ReplicationPlan {
  /**
   * Nothing. Saved state of a cut receive, if there is any, is left to the next transfer.
   *
   * @param common the newest point that both sides have
   */
  record UpToDate(Point common) implements ReplicationPlan {}

  /**
   * Some streams, one after the other.
   *
   * @param abandonsSavedState whether the receiver has to drop what a cut receive left, first
   * @param steps never empty
   */
  record Transfer(boolean abandonsSavedState, List<Step> steps) implements ReplicationPlan {
    public Transfer {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Nothing can be sent unless somebody decides something; nothing was changed.
   *
   * @param senderBranch what the sender has and the receiver lacks, oldest first
   * @param receiverBranch what the receiver has and the sender lacks, oldest first
   */
  record Conflict(ConflictKind kind, List<Snapshot> senderBranch, List<Snapshot> receiverBranch)
      implements ReplicationPlan {
    private static final int NAMED = 20;
    private static final int SAID = 3;

    public Conflict {
      senderBranch = List.copyOf(senderBranch);
      receiverBranch = List.copyOf(receiverBranch);
    }

    /** What whoever asked for the transfer is told; it names the newest of both branches. */
    public FailureException failure() {
      return kind.failure()
          .because(
              kind.detail()
                  .orElse(
                      "the sender has "
                          + senderBranch.size()
                          + " snapshots that the receiver lacks"
                          + said(senderBranch)
                          + ", the receiver has "
                          + receiverBranch.size()
                          + " that the sender lacks"
                          + said(receiverBranch)))
          .with("senderBranch", newest(senderBranch))
          .with("receiverBranch", newest(receiverBranch));
    }

    /** The detail is all that is kept of a copy's failure: it names the newest few as well. */
    private static String said(List<Snapshot> branch) {
      List<Snapshot> few = branch.subList(Math.max(0, branch.size() - SAID), branch.size());
      return few.isEmpty()
          ? ""
          : few.stream()
              .map(Snapshot::name)
              .collect(joining(", ", few.size() < branch.size() ? " (the newest: " : " (", ")"));
    }

    private static List<SnapshotReference> newest(List<Snapshot> branch) {
      return branch.subList(Math.max(0, branch.size() - NAMED), branch.size()).stream()
          .map(SnapshotReference::of)
          .toList();
    }
  }
}
