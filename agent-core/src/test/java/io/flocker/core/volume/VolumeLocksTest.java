package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VolumeLocksTest {
  private final VolumeLocks locks = new VolumeLocks();
  private final VolumeId volume = VolumeId.random();

  @Test
  void sendsShareAVolume() throws FailureException {
    try (Lease _ = locks.share(volume, "push 1");
        Lease _ = locks.share(volume, "push 2")) {
      assertLocked("push 1", () -> locks.own(volume, "destroy"));
    }
    locks.own(volume, "destroy").close();
  }

  @Test
  void whoeverHasAVolumeAloneIsNamed() throws FailureException {
    try (Lease _ = locks.own(volume, "handoff 1")) {
      assertLocked("handoff 1", () -> locks.share(volume, "push"));
      assertLocked("handoff 1", () -> locks.own(volume, "destroy"));
      locks.own(VolumeId.random(), "destroy").close();
    }
    locks.share(volume, "push").close();
  }

  @Test
  void givingBackTwiceTakesNobodyElsesTurn() throws FailureException {
    Lease first = locks.share(volume, "push");
    try (Lease _ = locks.share(volume, "push")) {
      first.close();
      first.close();
      assertLocked("push", () -> locks.own(volume, "destroy"));
    }
    locks.own(volume, "destroy").close();
  }

  @Test
  void aTurnThatIsPassedOnStaysTaken() throws FailureException {
    Lease next;
    try (Lease first = locks.own(volume, "handoff 1")) {
      next = first.passOn("handoff 1, which nobody knows the end of,");
    }
    assertLocked("handoff 1, which nobody knows the end of,", () -> locks.share(volume, "push"));
    next.close();
    locks.own(volume, "destroy").close();
    assertThrows(IllegalStateException.class, () -> next.passOn("nobody"));
  }

  @Test
  void whatYieldsIsAskedToLeaveByWhoeverWantsTheVolumeAlone() throws Exception {
    VolumeLocks impatient = new VolumeLocks(Duration.ZERO);
    CompletableFuture<Lease> yielding = new CompletableFuture<>();
    boolean _ =
        yielding.complete(
            impatient.shareYielding(volume, "replication", () -> yielding.join().close()));

    onVirtualThread(() -> impatient.own(volume, "handoff").close());
  }

  @Test
  void whatYieldsIsWaitedForByWhatIsNotWorthItsEnd() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    Lease yielding =
        locks.shareYielding(
            volume,
            "replication",
            () -> {
              throw new AssertionError("asked to leave");
            });
    CompletableFuture<Void> destroyed =
        CompletableFuture.runAsync(
            () -> {
              waits.countDown();
              try {
                locks.ownInTime(volume, "destroy snapshot").close();
              } catch (FailureException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    waits.await();
    yielding.close();
    destroyed.get(20, TimeUnit.SECONDS);
  }

  @Test
  void onlyWhatYieldsIsWaitedFor() throws Exception {
    try (Lease _ = locks.shareYielding(volume, "replication", () -> {});
        Lease _ = locks.share(volume, "push 1")) {
      onVirtualThread(() -> assertLocked("replication", () -> locks.own(volume, "destroy")));
    }
  }

  private static void onVirtualThread(Attempt attempt) throws Exception {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> {
              try {
                attempt.run();
              } catch (FailureException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    done.get(20, TimeUnit.SECONDS);
  }

  private static void assertLocked(String holder, Attempt attempt) {
    FailureException refusal = assertThrows(FailureException.class, attempt::run);
    assertEquals(OwnershipFailure.VOLUME_LOCKED, refusal.failure());
    assertEquals(holder, refusal.members().get("holder"));
    assertTrue(refusal.detail().startsWith(holder));
  }

  private interface Attempt {
    void run() throws FailureException;
  }
}
