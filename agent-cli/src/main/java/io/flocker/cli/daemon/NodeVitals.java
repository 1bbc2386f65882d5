package io.flocker.cli.daemon;

import io.flocker.core.store.Database;
import io.flocker.core.volume.PoolWatch;
import io.flocker.http.net.EventLoops;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.zfs.ZfsStorage;
import java.time.Duration;

/** By what a running node is judged from outside. Any thread. */
record NodeVitals(
    EventLoops loops, Database database, PoolWatch pool, TransferBoard board, ZfsStorage storage)
    implements Supervision.Vitals {
  /** A loop that is busy takes milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public boolean areFine() {
    return loops.answer(PATIENCE) && database.answers();
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
