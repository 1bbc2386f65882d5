package io.flocker.cli.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.Role;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.UnreachableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A daemon is killed at every step of a handoff, over and over with one volume that goes to and
 * fro. Whatever the step, at most one node can write; and once the daemon runs again, the volume is
 * the peer's if it had been released, and the source's if not, with all that was in it.
 */
@Timeout(900)
class CrashIT {
  private static final int MOST_TRIES = 3;
  private static final int CHANGED_BYTES = 50_000;

  @RegisterExtension
  static final TwoNodes NODES =
      new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual().withFaultyZfs());

  private static final List<String> OUTCOMES = new ArrayList<>();
  private static VolumeDocument volume;
  private static boolean mayBeLocked;
  private static List<KillPoint> atSource;
  private static List<KillPoint> atTarget;

  private enum Side {
    SOURCE,
    TARGET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One clean handoff, after others: its commands are where the daemons are killed. */
  @BeforeAll
  static void countTheCommands() throws Exception {
    TestNode first = NODES.first();
    TestNode second = NODES.second();
    volume = Moves.filled(first, "default.v");
    first.handOff(volume.id(), second);
    second.handOff(volume.id(), first);
    change();
    KillPoint.never().arm(first);
    KillPoint.never().arm(second);
    first.handOff(volume.id(), second);
    atSource = points(first);
    atTarget = points(second);
  }

  @AfterAll
  static void tell() {
    OUTCOMES.forEach(System.out::println);
  }

  @TestFactory
  @DisplayName("51 the source is killed at each step: one writable owner after recovery at most")
  Stream<DynamicTest> theSourceIsKilled() {
    return atSource.stream().map(point -> test(Side.SOURCE, point));
  }

  @TestFactory
  @DisplayName("51 the target is killed at each step: one writable owner after recovery at most")
  Stream<DynamicTest> theTargetIsKilled() {
    return atTarget.stream().map(point -> test(Side.TARGET, point));
  }

  private static DynamicTest test(Side side, KillPoint point) {
    return DynamicTest.dynamicTest(side + " killed " + point, () -> crash(side, point));
  }

  /** A handoff after one that was given up may not come to the point; the next one will. */
  private static void crash(Side side, KillPoint point) throws Exception {
    int tries = 1;
    while (!isKilled(side, point)) {
      assertTrue(tries++ < MOST_TRIES, "the " + side + " never came to this command");
    }
  }

  /** Hands the volume off with the point armed; tells whether somebody was killed there. */
  private static boolean isKilled(Side side, KillPoint point) throws Exception {
    TestNode source = owner();
    TestNode target = source == NODES.first() ? NODES.second() : NODES.first();
    TestNode victim = side == Side.SOURCE ? source : target;
    Content content = change();
    long epoch = source.volume(volume.id()).epoch();
    if (mayBeLocked) {
      awaitFree(source, target);
    }
    point.arm(victim);

    OperationView handoff = source.client().handoff(volume.id(), target.id());
    boolean isKilled = isKilled(victim, source, handoff);
    Writers.requireAtMostOne(volume.id(), target, source);
    boolean isReleased = isReleased(source);
    victim.heal();
    if (isKilled) {
      int _ = victim.daemon().awaitEnd();
      victim.start();
    }

    TestNode owner = settled(target, source);
    boolean isForward = source.finish(handoff).state() == OperationState.SUCCEEDED;
    if (victim == source && isKilled) {
      assertTrue(isForward || !isReleased, "what was released goes forward");
      assertTrue(isReleased || !isForward || point.isRelease(), "and what may still be released");
    }
    mayBeLocked = !isForward;
    assertEquals(isForward, owner == target, "the operation says what became of it");
    assertEquals(content, Moves.content(owner, volume));
    assertEquals(isForward ? epoch + 1 : epoch, owner.volume(volume.id()).epoch());
    if (isKilled) {
      OUTCOMES.add(
          "%s killed %s | %s | then the %s owns it"
              .formatted(
                  side,
                  point,
                  isReleased ? "released" : "not released",
                  isForward ? "target" : "source"));
    }
    return isKilled;
  }

  /** A transfer that a killed sender has announced keeps the volume locked for some seconds. */
  private static void awaitFree(TestNode source, TestNode target) throws Exception {
    Await.until(
        "the peer to take streams again",
        () ->
            source.finish(source.client().push(volume.id(), target.id())).state()
                == OperationState.SUCCEEDED);
  }

  /** Waits until the victim is dead, or the handoff over without it. */
  private static boolean isKilled(TestNode victim, TestNode source, OperationView handoff)
      throws Exception {
    Await.until("the kill", () -> !victim.daemon().isAlive() || isOver(source, handoff));
    return !victim.daemon().isAlive();
  }

  private static boolean isOver(TestNode source, OperationView handoff) throws Exception {
    try {
      return source.client().operation(handoff.id(), Duration.ZERO).state().isEnd();
    } catch (UnreachableException _) {
      return false; // It was just killed.
    }
  }

  private static boolean isReleased(TestNode source) throws Exception {
    OwnershipRecord record = Writers.record(source, volume.id()).orElseThrow();
    return !record.node().equals(source.id());
  }

  /** Waits until one node owns the volume and has it mounted, and the other knows. */
  private static TestNode settled(TestNode target, TestNode source) throws Exception {
    Await.until(
        "one owner",
        () -> {
          Writers.requireAtMostOne(volume.id(), target, source);
          return isSettled();
        });
    return owner();
  }

  private static boolean isSettled() throws Exception {
    VolumeDocument first = NODES.first().volume(volume.id());
    VolumeDocument second = NODES.second().volume(volume.id());
    return first.owner().equals(second.owner())
        && first.role() != second.role()
        && (first.role() == Role.OWNER || second.role() == Role.OWNER)
        && (first.role() == Role.REPLICA || second.role() == Role.REPLICA)
        && first.mounted() == (first.role() == Role.OWNER)
        && second.mounted() == (second.role() == Role.OWNER);
  }

  /** Changes the volume at its owner, and tells what is in it then. */
  private static Content change() throws Exception {
    Path folder = Moves.mountpoint(owner(), volume);
    Content.write(folder.resolve("changing"), CHANGED_BYTES, System.nanoTime());
    Files.writeString(folder.resolve("log"), "x", CREATE, APPEND);
    return Content.of(folder);
  }

  private static List<KillPoint> points(TestNode node) throws Exception {
    node.heal();
    return KillPoint.at(KillPoint.commands(node));
  }

  private static TestNode owner() throws Exception {
    return NODES.first().volume(volume.id()).role() == Role.OWNER ? NODES.first() : NODES.second();
  }
}
