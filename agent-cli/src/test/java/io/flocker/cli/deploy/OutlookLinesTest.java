package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import io.flocker.core.deploy.converge.ObjectStatus.State;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutlookLinesTest {
  private static final String WHY =
      "the mount of default.db is held by process 4711 of a container";

  @Test
  void whatIsWrongIsToldToItsEndAndWhatGoesOnInALine() {
    assertEquals(
        List.of(
            "generation 7  0:23",
            "one  0 of 2 as wished",
            "  volume default.db   failed    the mount of default.db is held by",
            "                                process 4711 of a container",
            "  volume default.web  changing  " + WHY),
        lines(72, object("default.db", State.FAILED), object("default.web", State.CHANGING)));
  }

  @Test
  void inANarrowWindowItHasLinesOfItsOwn() {
    assertEquals(
        List.of(
            "generation 7  0:23",
            "one  0 of 1 as wished",
            "  volume default.db  hindered",
            "    the mount of default.db is held",
            "    by process 4711 of a container"),
        lines(36, object("default.db", State.HINDERED)));
  }

  @Test
  void aNodeThatDoesNotAnswerIsToldOfToTheEnd() {
    assertEquals(
        List.of(
            "generation 7  0:23",
            "one  the mount of default.db is held by",
            "     process 4711 of a container"),
        OutlookLines.of(outlook(new Answer.Silent<>(WHY)), "0:23", 46));
  }

  private static List<String> lines(int columns, ObjectStatus... objects) {
    return OutlookLines.of(
        outlook(
            new Answer.Given<>(
                new ConvergenceStatus(7, false, Optional.empty(), List.of(objects)))),
        "0:23",
        columns);
  }

  private static Outlook outlook(Answer<ConvergenceStatus> answer) {
    ClusterNode node =
        new ClusterNode(
            NodeId.random(), "one", List.of(Address.parse("one.example:4523")), List.of());
    return new Outlook(7, Map.of(node, answer));
  }

  private static ObjectStatus object(String name, State state) {
    return new ObjectStatus(
        "volume", name, state, WHY, Instant.EPOCH, Optional.empty(), 0, Optional.empty());
  }
}
