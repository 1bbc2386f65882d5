package io.flocker.cli.command;

import io.flocker.cli.console.CopyWords;
import io.flocker.cli.console.Table;
import io.flocker.core.replicate.CopyStatus;
import java.util.List;

/** How far behind copies are, in words. */
final class CopyText {
  private CopyText() {}

  /** A table; nothing where there are no copies. */
  static List<String> lines(List<CopyStatus> copies, PeerNames names) {
    if (copies.isEmpty()) {
      return List.of();
    }
    Table table =
        new Table("COPY OF", "AT", "STATE", "BEHIND", "LAST COMPLETE", "VERIFIED", "WAITS FOR");
    for (CopyStatus copy : copies) {
      table.row(
          copy.name().toString(),
          names.brief(copy.peer()),
          copy.state().toString(),
          CopyWords.behind(copy),
          copy.last().map(last -> last.taken().toString()).orElse("never"),
          verified(copy),
          names.in(CopyWords.why(copy)));
    }
    return table.lines();
  }

  /** When it was last compared with what its owner has. */
  private static String verified(CopyStatus copy) {
    return copy.verification()
        .flatMap(CopyStatus.Verification::last)
        .map(last -> last.at().toString())
        .orElse("never");
  }
}
