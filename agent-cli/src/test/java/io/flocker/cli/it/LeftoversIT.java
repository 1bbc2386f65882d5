package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.plan.InitialReplication;
import io.flocker.http.api.Rollback;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a killed daemon and a peer that was taken out leave behind, and what travels of the past.
 */
@Timeout(300)
class LeftoversIT {
  @RegisterExtension
  static final TwoNodes NODES =
      new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual().withFaultyZfs());

  @AfterEach
  void heal() throws Exception {
    NODES.first().heal();
    NODES.second().heal();
    NODES.first().learn(NODES.second());
  }

  @Test
  void aPushThatWasKilledHoldsNothingOnceItHasEnded() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "leftover.push");
    killAt("send*");
    OperationView push = NODES.first().client().push(volume.id(), NODES.second().id());
    restart();

    assertEquals(OperationState.SUCCEEDED, NODES.first().finish(push).state());

    awaitHolds(volume.id(), 1); // that of the peer
    NODES.first().client().removePeer(NODES.second().id());
    awaitHolds(volume.id(), 0);
    NODES.first().client().destroyVolume(volume.id());
  }

  @Test
  void aHandoffThatWasKilledBeforeItsCommitHoldsNothing() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "leftover.handoff");
    killAt("send*");
    OperationView handoff = NODES.first().client().handoff(volume.id(), NODES.second().id());
    restart();

    assertEquals(OperationState.FAILED, NODES.first().finish(handoff).state());

    awaitHolds(volume.id(), 0);
    NODES.first().client().destroyVolume(volume.id());
  }

  @Test
  void aSnapshotThatIsHeldSaysForWhom() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "leftover.why");
    NODES.first().push(volume.id(), NODES.second());
    String base = TestNode.latest(NODES.first().volume(volume.id())).name();
    Zfs.run("hold", "keep", NODES.first().volume(volume.id()).dataset() + "@" + base);

    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> NODES.first().client().destroySnapshot(volume.id(), base, true));

    assertEquals(StorageFailure.SNAPSHOT_HELD, refusal.failure());
    assertTrue(refusal.detail().contains(NODES.second().id().toString()), refusal::detail);
    Zfs.run("release", "keep", NODES.first().volume(volume.id()).dataset() + "@" + base);
  }

  @Test
  void theNextOwnerCanRollBackToWhatUsersTookBeforeTheFirstPush() throws Exception {
    VolumeDocument volume = NODES.first().create("leftover.history");
    Files.writeString(TestNode.folder(volume).resolve("file"), "before");
    NODES.first().client().takeSnapshot(volume.id(), Optional.of("before-upgrade"));
    Files.writeString(TestNode.folder(volume).resolve("file"), "after");

    NODES.first().handOff(volume.id(), NODES.second());

    VolumeDocument moved =
        NODES.second().client().rollBack(volume.id(), new Rollback("before-upgrade", true, true));
    assertEquals("before", Files.readString(TestNode.folder(moved).resolve("file")));
  }

  @Test
  void theLatestAloneTravelsWhereThatIsAskedFor() throws Exception {
    VolumeDocument volume = NODES.first().create("leftover.latest");
    NODES.first().client().takeSnapshot(volume.id(), Optional.of("old"));
    NODES.first().client().takeSnapshot(volume.id(), Optional.of("new"));
    assertEquals(3, steps(volume, InitialReplication.ALL)); // the two, and what is there now
    assertEquals(1, steps(volume, InitialReplication.LATEST));
    NODES
        .first()
        .succeed(
            NODES
                .first()
                .client()
                .push(volume.id(), NODES.second().id(), InitialReplication.LATEST));

    List<String> there = Zfs.snapshots(NODES.second().volume(volume.id()).dataset());
    assertEquals(1, there.size(), there::toString);
    assertTrue(there.getFirst().contains(".push."), there::toString);
  }

  private static int steps(VolumeDocument volume, InitialReplication history) throws Exception {
    return NODES
        .first()
        .client()
        .planPush(volume.id(), NODES.second().id(), history)
        .steps()
        .size();
  }

  /** Has the first node's daemon killed before its next command of that pattern. */
  private static void killAt(String command) throws Exception {
    new KillPoint(command, 1, KillPoint.Moment.BEFORE).arm(NODES.first());
  }

  private static void restart() throws Exception {
    Await.until("the kill", () -> !NODES.first().daemon().isAlive());
    int _ = NODES.first().daemon().awaitEnd();
    NODES.first().heal();
    NODES.first().start();
  }

  /** Waits until so many holds are left on all snapshots of the volume at the first node. */
  private static void awaitHolds(VolumeId volume, int expected) throws Exception {
    String dataset = NODES.first().volume(volume).dataset();
    Await.until(
        expected + " holds on " + dataset,
        () ->
            Zfs.run("get", "-Hp", "-d", "1", "-o", "value", "userrefs", dataset)
                    .lines()
                    .filter(value -> !value.equals("-"))
                    .mapToInt(Integer::parseInt)
                    .sum()
                == expected);
  }
}
