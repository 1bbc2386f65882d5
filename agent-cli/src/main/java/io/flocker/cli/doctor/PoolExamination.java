package io.flocker.cli.doctor;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.storage.Pool;
import io.flocker.core.volume.NodeMark;
import io.flocker.zfs.listing.PoolReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pool: whether ZFS answers, its health, its room, and whose it is. Three commands. */
record PoolExamination(LocalZfs local, NodeConfiguration settings) implements Examination {
  private static final String CHECK = "pool";
  private static final String HEALTHY = "ONLINE"; // zpoolconcepts(7)
  private static final String WORN = "DEGRADED";

  @Override
  public List<Finding> findings() {
    try {
      Pool pool =
          new PoolReader(local.zfs(), local.zpool()).read(settings.pool(), NodeMark.PROPERTY);
      return List.of(health(pool), room(pool), owner(pool, settings.identity()));
    } catch (FailureException e) {
      return List.of(Finding.of(CHECK, Verdict.FAILURE, e));
    }
  }

  static Finding health(Pool pool) {
    return switch (pool.health()) {
      case HEALTHY -> new Finding(CHECK, Verdict.OK, "Pool " + pool.name() + " is healthy.");
      case WORN ->
          new Finding(
              CHECK,
              Verdict.WARNING,
              "Pool %1$s works without one of its disks: 'zpool status -x %1$s' says which; replace it."
                  .formatted(pool.name()));
      default ->
          new Finding(
              CHECK,
              Verdict.FAILURE,
              "Pool %1$s is %2$s: 'zpool status -x %1$s' says why."
                  .formatted(pool.name(), pool.health()));
    };
  }

  static Finding room(Pool pool) {
    return pool.shortage()
        .map(why -> new Finding(CHECK, Verdict.WARNING, why))
        .orElseGet(() ->
            new Finding(
                CHECK, Verdict.OK, "%d %% of its room is used.".formatted(pool.usedPercent())));
  }

  private static Finding owner(Pool pool, Path identity) {
    if (pool.node().isEmpty()) {
      return new Finding(CHECK, Verdict.OK, "It is no node's yet: the first start takes it.");
    }
    if (Files.notExists(identity)) {
      return new Finding(
          CHECK,
          Verdict.WARNING,
          "It is node %s's; whether that is this node is not known, for %s is missing."
              .formatted(pool.node().get(), identity));
    }
    try {
      return NodeIdentity.existing(identity).node().equals(pool.node().get())
          ? new Finding(CHECK, Verdict.OK, "It is this node's.")
          : new Finding(
              CHECK,
              Verdict.FAILURE,
              "It is node %s's, which %s does not say: restore the right file, or name the right pool."
                  .formatted(pool.node().get(), identity));
    } catch (IOException e) {
      return new Finding(CHECK, Verdict.FAILURE, String.valueOf(e.getMessage()));
    }
  }
}
