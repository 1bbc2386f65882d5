package io.flocker.cli.daemon;

import io.flocker.core.store.Database;
import io.flocker.core.volume.PoolWatch;
import io.flocker.http.net.EventLoops;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.zfs.ZfsStorage;
import java.time.Duration;

/** A running node's signs of life. Any thread. */
record NodeVitals(
    EventLoops loops, Database database, PoolWatch pool, TransferBoard board, ZfsStorage storage)
    implements Supervision.Vitals {
  /** A loop that is busy takes milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * A disk that is slow is no reason to begin anew: the next daemon would have the same. Twice this
   * and the loops' fit into what the unit's watchdog allows (120 s).
   */
  private static final Duration PATIENCE_WITH_DISK = Duration.ofSeconds(40);

  @Override
  public boolean areFine() {
    return loops.answer(PATIENCE) && database.answers(PATIENCE_WITH_DISK);
  }

  @Override
  public String doing() {
    int stuck = storage.stuckChildren().size();
    return "%s mounted, %s under way%s"
        .formatted(
            count(pool.mounted(), "volume"),
            count(board.running().size(), "transfer"),
            stuck == 0 ? "" : "; " + count(stuck, "command") + " of zfs that nothing can end");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
