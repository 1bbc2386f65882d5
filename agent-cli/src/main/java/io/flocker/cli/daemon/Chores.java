package io.flocker.cli.daemon;

import io.flocker.core.event.EventSink;
import io.flocker.core.operation.Operations;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.volume.LeftoverSweep;
import io.flocker.core.volume.PoolWatch;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.http.history.History;
import io.flocker.http.history.Look;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.transfer.assembly.ByteMover;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Starts what a node does again and again beside serving, each on a thread of its own. One thread;
 * used once.
 *
 * @param closing ends all of them
 */
record Chores(ResourceStack closing) {
  /** Between two looks at the certificate files. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Between two looks for what the database need not keep any longer. */
  private static final Duration UPKEEP = Duration.ofMinutes(1);

  private static final Duration DAY = Duration.ofDays(1);

  /** Takes a sample for the history at each of its steps. */
  void sample(History history, Supplier<Look> looking) {
    closing.add(
        Background.start(
            "history",
            History.STEP,
            () -> {
              history.note(looking.get());
              return true;
            }));
  }

  /** Forgets keys and operations that are old enough. */
  void forget(Idempotency idempotency, Operations operations) {
    closing.add(
        Background.start(
            "store-upkeep",
            UPKEEP,
            () -> {
              idempotency.upkeep();
              operations.upkeep();
              return true;
            }));
  }

  /** Finishes handoffs that were cut off; a later one may outlast its own patience. */
  void recover(ByteMover mover) {
    closing.add(
        Background.start(
            "handoff-recovery",
            () -> {
              int _ = mover.delivery().recover();
              return true;
            }));
  }

  /** Removes leftovers, and the policies of volumes that were destroyed. */
  void sweep(LeftoverSweep sweep, Policies policies, VolumeRegister register) {
    closing.add(
        Background.start(
            "leftover-sweep",
            () -> {
              sweep.round();
              policies.forget(volume -> register.tombstone(volume).isPresent());
              return true;
            }));
  }

  /** Takes up new certificates, and warns of those that end soon. */
  void watch(CertificateReload certificates, EventSink events) {
    closing.add(Background.start("certificate-reload", LOOK, certificates));
    closing.add(
        Background.start(
            "certificate-watch", DAY, new CertificateWatch(certificates::current, events)));
  }

  /** Notices that the pool goes away or comes back. */
  void watch(PoolWatch pool) {
    closing.add(
        Background.start(
            "pool-watch",
            () -> {
              pool.look();
              return true;
            }));
  }
}
