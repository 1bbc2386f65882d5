package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import io.flocker.core.deploy.converge.ObjectStatus.State;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlookTest {
  private static final ClusterNode NODE =
      new ClusterNode(
          NodeId.random(), "one", List.of(Address.parse("one.example:4523")), List.of());

  @ParameterizedTest
  @CsvSource({
    "CHANGING, 0, true",
    "CHANGING, 9, true",
    "FAILED, 1, true",
    "FAILED, 2, true",
    "FAILED, 3, false",
    "WAITING, 0, false",
    "HINDERED, 0, false",
    "AS_WISHED, 0, false"
  })
  void moves(State state, int tries, boolean isMoving) {
    assertEquals(isMoving, outlook(7, false, object(state, tries)).isMoving());
  }

  @Test
  void whatMovesOnOneNodeIsWaitedForOnAnother() {
    ClusterNode other = new ClusterNode(NodeId.random(), "two", NODE.addresses(), List.of());

    Outlook both =
        new Outlook(
            7,
            Map.of(
                NODE, new Answer.Given<>(status(7, false, object(State.WAITING, 0))),
                other, new Answer.Given<>(status(7, false, object(State.CHANGING, 0)))));

    assertTrue(both.isMoving());
  }

  @Test
  void whatWasReachedOfAnEarlierWishDoesNotCount() {
    assertFalse(outlook(6, true).isAsWished());
    assertTrue(outlook(7, true).isAsWished());
    assertTrue(outlook(8, true).isOvertaken());
    assertEquals(List.of("one: was told a later wish, generation 8"), outlook(8, true).troubles());
    assertEquals(List.of("one: still compares with generation 6"), outlook(6, true).troubles());
  }

  /** In seconds; what waits for another node may wait longer, and a look takes its time. */
  @ParameterizedTest
  @CsvSource({
    "7, WAITING, 0, 2",
    "7, AS_WISHED, 0, 2",
    "7, HINDERED, 0, 1",
    "7, FAILED, 3, 1",
    "6, HINDERED, 0, 120"
  })
  void howLongNothingMayMove(long generation, State state, int tries, long seconds) {
    StandstillLimits patience =
        StandstillLimits.ofOne(Duration.ofSeconds(1), Duration.ofSeconds(2));

    assertEquals(
        Duration.ofSeconds(seconds), patience.as(outlook(generation, false, object(state, tries))));
  }

  @Test
  void aNodeThatDoesNotAnswerIsNotAsWished() {
    Outlook silent = new Outlook(7, Map.of(NODE, new Answer.Silent<>("it is gone")));

    assertFalse(silent.isAsWished());
    assertEquals(List.of("one: it is gone"), silent.troubles());
  }

  private static Outlook outlook(long generation, boolean isAsWished, ObjectStatus... objects) {
    return new Outlook(
        7, Map.of(NODE, new Answer.Given<>(status(generation, isAsWished, objects))));
  }

  private static ConvergenceStatus status(
      long generation, boolean isAsWished, ObjectStatus... objects) {
    return new ConvergenceStatus(
        generation, isAsWished, Optional.empty(), Stream.of(objects).toList());
  }

  private static ObjectStatus object(State state, int tries) {
    return new ObjectStatus(
        "application", "web", state, "", Instant.EPOCH, Optional.empty(), tries, Optional.empty());
  }
}
