package io.flocker.cli.command;

import io.flocker.cli.console.CopyWords;
import io.flocker.cli.doctor.Finding;
import io.flocker.cli.doctor.Verdict;
import io.flocker.core.replicate.CopyStatus;
import java.util.List;

/** What the doctor finds of the copies that a node brings up to date. */
final class CopyFindings {
  private static final String CHECK = "copies";

  private CopyFindings() {}

  /** A finding for each copy that is not all right; one for all if they are. */
  static List<Finding> of(List<CopyStatus> copies, PeerNames names) {
    List<Finding> amiss =
        copies.stream()
            .filter(copy -> verdict(copy) != Verdict.OK)
            .map(copy ->
                new Finding(
                    CHECK,
                    verdict(copy),
                    "%s at %s is %s, %s behind: %s"
                        .formatted(
                            copy.name(),
                            names.brief(copy.peer()),
                            copy.state(),
                            CopyWords.behind(copy),
                            CopyWords.why(copy))))
            .toList();
    return amiss.isEmpty() ? List.of(allRight(copies)) : amiss;
  }

  /** The daemon knows how they stand, and nobody else does. */
  static Finding unknown(Exception why) {
    return new Finding(
        CHECK,
        Verdict.WARNING,
        "How they stand the daemon alone knows, and it could not be asked: " + why.getMessage());
  }

  private static Finding allRight(List<CopyStatus> copies) {
    return new Finding(
        CHECK,
        Verdict.OK,
        copies.isEmpty() ? "This node keeps none up to date." : "All follow their volumes.");
  }

  /** What waits for somebody is a failure; what is tried again may end well. */
  private static Verdict verdict(CopyStatus copy) {
    return switch (copy.state()) {
      case NEW, CURRENT -> Verdict.OK;
      case BEHIND, STALLED, FAILED -> Verdict.WARNING;
      case HINDERED, DRIFTED -> Verdict.FAILURE;
    };
  }
}
