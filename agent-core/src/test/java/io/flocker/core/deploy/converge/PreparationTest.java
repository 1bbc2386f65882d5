package io.flocker.core.deploy.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparationTest {
  private static final Application WEB = Application.named("web", Image.parse("web:1")).build();

  private final SimulatedNode node = new SimulatedNode();
  private final List<Runnable> fetches = new ArrayList<>();
  private final Preparation preparation =
      new Preparation(
          SimulatedNode.SELF,
          List.of(Address.parse("10.0.0.1:4523")),
          () -> node.configuration,
          node,
          fetches::add);

  @Test
  void anImageIsFetchedOnceHoweverOftenItIsAskedForMeanwhile() throws Exception {
    wish("10.0.0.1");

    assertFalse(preparation.prepare("web", 1, Duration.ZERO));
    assertFalse(preparation.prepare("web", 1, Duration.ZERO));
    assertEquals(1, fetches.size());
    fetches.getFirst().run();
    assertEquals(List.of("provide web:1"), node.calls);
  }

  @Test
  void whoeverWaitsIsToldThatItIsThereOrWhyNot() throws Exception {
    wish("10.0.0.1");
    Preparation atOnce =
        new Preparation(
            SimulatedNode.SELF,
            List.of(Address.parse("10.0.0.1:4523")),
            () -> node.configuration,
            node,
            Runnable::run);

    assertTrue(atOnce.prepare("web", 1, Duration.ofSeconds(10)));

    node.fails = call -> call.equals("provide web:1");
    assertRefused(StorageFailure.POOL_UNAVAILABLE, atOnce, "web", 1);
  }

  @Test
  void whatIsNotWishedHereIsNotFetched() {
    wish("10.0.0.2");

    assertRefused(RequestFailure.NOT_WISHED_HERE, preparation, "web", 1);
    assertRefused(RequestFailure.NOT_WISHED_HERE, preparation, "other", 1);
    assertRefused(RequestFailure.NOT_WISHED_HERE, preparation, "web", 2);
    assertEquals(List.of(), fetches);
  }

  private void wish(String host) {
    node.wish(new Deployment(List.of(WEB), List.of(NodeWish.of(host, List.of("web")))));
  }

  private static void assertRefused(
      Failure expected, Preparation preparation, String application, long generation) {
    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> preparation.prepare(application, generation, Duration.ofSeconds(10)));
    assertEquals(expected, refusal.failure());
  }
}
