package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.at;
import static io.flocker.core.deploy.plan.Scene.plain;
import static io.flocker.core.deploy.plan.Scene.port;
import static io.flocker.core.deploy.plan.Scene.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is planned where the engine lists a container, and does not say how it is. */
class UnknownContainerTest {
  private static final Application WEB = plain("web");
  private static final Application DB = with("db", "db");

  @Test
  void itsApplicationIsNotStartedASecondTimeAndTheOthersAre() {
    for (Processes processes : Processes.values()) {
      Scene scene = new Scene().wish(A, DB, WEB).owns("db").hangs(DB, processes).runs(plain("old"));

      assertEquals(List.of("stop old", "start web"), scene.changes());
      assertEquals(List.of(Obstacle.Kind.CONTAINER_UNKNOWN), scene.obstacles());
      Obstacle obstacle = scene.plan().obstacles().getFirst();
      assertEquals(Subject.application("db"), obstacle.subject());
      assertTrue(obstacle.text().contains("it has not answered within 5 s"), obstacle.text());
    }
  }

  @Test
  void itsVolumeStaysWhoeverIsToHaveIt() {
    Scene moves = new Scene().wish(B, DB, with("moves", "moves")).owns("db").owns("moves");
    Scene given = new Scene().wish(B, with("other", "db")).wish(A, plain("db")).owns("db");

    assertEquals(
        List.of("push moves to B", "hand off moves to B"),
        moves.hangs(DB, Processes.NONE).changes());
    assertEquals(List.of(Obstacle.Kind.CONTAINER_UNKNOWN, Obstacle.Kind.STAYS), moves.obstacles());
    assertEquals(List.of(), given.hangs(DB, Processes.SOME).changes());
  }

  @Test
  void whatIsNotWishedAnyMoreIsToldOf() {
    Scene scene = new Scene().wish(A, WEB).hangs(plain("old"), Processes.SOME);

    assertEquals(List.of("start web"), scene.changes());
    assertEquals(List.of(Obstacle.Kind.CONTAINER_UNKNOWN), scene.obstacles());
  }

  @Test
  void whoStartsAfterItWaitsUnlessItRunsForAllThatIsKnown() {
    Application later = plain("later").with().startsAfter(List.of("web")).build();

    for (Processes processes : List.of(Processes.NONE, Processes.PERHAPS)) {
      assertEquals(List.of(), new Scene().wish(A, WEB, later).hangs(WEB, processes).changes());
    }
    assertEquals(
        List.of("start later"),
        new Scene().wish(A, WEB, later).hangs(WEB, Processes.SOME).changes());
  }

  @Test
  void itsPortsAnswerHereWhileItMayRunHere() {
    for (Processes processes : List.of(Processes.SOME, Processes.PERHAPS)) {
      Scene scene =
          new Scene()
              .wish(B, at("web", 80))
              .hangs(at("web", 80), processes)
              .routes(List.of(), List.of(port(80)));

      assertEquals(List.of(), scene.changes());
    }
  }
}
