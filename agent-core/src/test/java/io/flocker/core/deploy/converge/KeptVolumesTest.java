package io.flocker.core.deploy.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No container starts on the bare folder of a volume that is taken away meanwhile. */
class KeptVolumesTest {
  private static final VolumeName DATA = VolumeName.parse("default.data");
  private static final Application DB =
      Application.named("db", Image.parse("db:1"))
          .volumes(List.of(MountedVolume.of(DATA, "/data")))
          .build();

  private final SimulatedNode node = new SimulatedNode();
  private final VolumeId id = VolumeId.random();

  @BeforeEach
  void wish() {
    var _ = node.own(DATA, id);
    node.wish(
        new Deployment(
            List.of(DB), List.of(NodeWish.of(SimulatedNode.SELF.toString(), List.of("db")))));
  }

  @Test
  void nobodyTakesAVolumeAwayBetweenTheLastLookAndTheStart() {
    List<String> refusals = new ArrayList<>();
    node.fails =
        call -> {
          if (call.equals("create db") || call.equals("start db")) {
            takeAway().ifPresent(refusal -> refusals.add(call + ": " + refusal));
          }
          return false;
        };

    node.settle();

    assertTrue(node.runs("db"));
    assertEquals(2, refusals.size(), refusals::toString);
    assertTrue(refusals.getFirst().contains("start of db"), refusals::toString);
    assertEquals(Optional.empty(), takeAway());
  }

  @Test
  void nothingStartsWhileSomebodyIsAtWorkOnItsVolume() throws Exception {
    try (VolumeLocks.Lease _ = node.locks.own(id, "handoff 1")) {
      node.settle();

      assertFalse(node.calls.contains("create db"), node.calls::toString);
      ObjectStatus status = node.status("application", "db");
      assertEquals(ObjectStatus.State.FAILED, status.state());
      assertTrue(status.toString().contains("handoff 1"), status::toString);
    }
  }

  @Test
  void whatWasUnmountedByHandInTheMidstOfAStartIsStoppedAtOnce() {
    node.fails =
        call -> {
          if (call.equals("volumes") && node.runs("db")) {
            unmount();
          }
          return false;
        };

    node.settle();

    assertFalse(node.runs("db"));
    assertTrue(node.calls.contains("stop db"), node.calls::toString);
  }

  /** It may start the container when nobody keeps its volume any more. */
  @Test
  void whatAnEngineThatHangsMayStillStartIsStopped() {
    node.hangs = call -> call.equals("start db") && !node.calls.contains("stop db");

    node.settle();

    int stopped = node.calls.indexOf("stop db");
    assertTrue(stopped > node.calls.indexOf("start db"), node.calls::toString);
  }

  @Test
  void aVolumeStaysWhileAnEngineThatHangsMayStillStartItsContainer() {
    node.hangs = call -> call.equals("start db") || call.equals("stop db");
    node.hanging.add("db"); // The engine tells of it, and not how it is.
    node.settle();
    assertTrue(takeAway().orElse("").contains("which hangs"), takeAway()::toString);

    node.hanging.clear();
    node.isEngineAway = true;
    node.settle();
    assertTrue(takeAway().isPresent());

    node.isEngineAway = false;
    node.settle(); // It is seen not to run, and removed: now nothing starts it any more.
    assertTrue(node.calls.contains("remove db"), node.calls::toString);
    assertEquals(Optional.empty(), takeAway());

    node.hangs = _ -> false;
    node.pass(Duration.ofMinutes(10));
    node.settle();
    assertTrue(node.runs("db"));
    assertEquals(Optional.empty(), takeAway());
  }

  @Test
  void aVolumeIsKeptByItsContainerOnceTheEngineHasStartedIt() {
    node.hangs =
        call -> {
          if (call.equals("start db")) {
            node.started("db"); // It does, and does not say so.
          }
          return call.equals("start db") || call.equals("stop db");
        };

    node.settle();

    assertTrue(node.runs("db"));
    assertEquals(Optional.empty(), takeAway());
  }

  /** As whoever hands it off does; returns why not. */
  private Optional<String> takeAway() {
    try (VolumeLocks.Lease _ = node.locks.own(id, "handoff")) {
      return Optional.empty();
    } catch (FailureException e) {
      assertEquals(OwnershipFailure.VOLUME_LOCKED, e.failure());
      return Optional.of(e.detail());
    }
  }

  private void unmount() {
    node.here.computeIfPresent(
        DATA,
        (_, one) ->
            new LocalVolume(
                one.id(),
                one.name(),
                one.role(),
                one.owner(),
                one.maximumSizeBytes(),
                new MountStatus(MountStatus.State.UNMOUNTED, Optional.empty()),
                one.folder()));
  }
}
