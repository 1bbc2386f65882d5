package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeLocks.Lease;
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
