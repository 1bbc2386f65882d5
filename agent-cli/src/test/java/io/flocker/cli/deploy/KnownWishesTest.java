package io.flocker.cli.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.configuration.Generations;
import io.flocker.core.id.NodeId;
import io.flocker.http.client.ToldWish;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownWishesTest {
  private static final long FAR = Generations.MOST_AHEAD + 100;

  @Test
  void whoCannotBeToldWhatFollowsIsLeftOut() {
    long last = Generations.MOST_AHEAD + 1;
    assertEquals(List.of(last, last, 2L), within(last, last, 2));
    assertEquals(List.of(last, last), within(last, last, 1), "it could not be told the next one");
  }

  @Test
  void whoWasToldNothingIsNotLeftOut() {
    assertEquals(List.of(FAR, 0L), within(FAR, 0));
    assertEquals(List.of(0L, FAR), within(0, FAR));
  }

  @Test
  void mostNodesCountAndOfAsManyTheOneThatWasAsked() {
    assertEquals(List.of(1L, 2L), within(FAR + 1, 1, 2));
    assertEquals(List.of(FAR), within(FAR, 1));
    assertEquals(List.of(1L), within(1, FAR));
  }

  /** The generations that are left of these; the first is that of the node that was asked. */
  private static List<Long> within(long... generations) {
    Map<ClusterNode, Answer<ToldWish>> known = new LinkedHashMap<>();
    for (long generation : generations) {
      known.put(
          new ClusterNode(NodeId.random(), "node" + known.size(), List.of(), List.of()),
          new Answer.Given<>(new ToldWish(generation, Optional.empty(), List.of(), List.of())));
    }
    List<Long> left = new ArrayList<>();
    KnownWishes.withinReach(known)
        .values()
        .forEach(answer -> answer.given().map(ToldWish::generation).ifPresent(left::add));
    return left;
  }
}
