package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.C;
import static io.flocker.core.deploy.plan.Scene.at;
import static io.flocker.core.deploy.plan.Scene.mount;
import static io.flocker.core.deploy.plan.Scene.port;
import static io.flocker.core.deploy.plan.Scene.route;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoutePlanTest {
  private static final Application WEB = at("web", 80);

  @Test
  @DisplayName("83 the ports of others' applications lead to them, those of this node's are open")
  void leadsToOthers() {
    assertEquals(
        Optional.of(Routing.of(List.of(route(80, B), route(81, C)), List.of(port(82)))),
        routing(new Scene().wish(B, WEB).wish(C, at("x", 81)).wish(A, at("y", 82))));
  }

  @Test
  @DisplayName("83 where none are wished and some exist they are taken away")
  void takesAwayWhatIsNotWished() {
    assertEquals(
        Optional.of(Routing.NONE),
        routing(new Scene().routes(List.of(route(80, B)), List.of(port(81)))));
  }

  @Test
  @DisplayName("83 where they are right nothing is done")
  void leavesWhatIsRight() {
    assertEquals(
        Optional.empty(),
        routing(new Scene().wish(B, WEB).routes(List.of(route(80, B)), List.of())));
  }

  @Test
  void whatOthersBrokeIsMended() {
    Routing right = Routing.of(List.of(route(80, B)), List.of());

    assertEquals(
        Optional.of(right),
        routing(
            new Scene().wish(B, WEB).routes(Optional.of(new Routes.Found(true, false, right)))));
  }

  @Test
  void whileAnApplicationThatMovesRunsHereItsPortAnswersHere() {
    Application moves = WEB.with().volumes(List.of(mount("web"))).build();
    Scene scene = new Scene().wish(B, moves).runs(moves).owns("web");

    assertEquals(Optional.of(Routing.of(List.of(), List.of(port(80)))), routing(scene));
  }

  @Test
  void whileOneThatComesWaitsForItsVolumeItsPortLeadsWhereItRan() {
    Application comes = WEB.with().volumes(List.of(mount("web"))).build();
    Scene before = new Scene().wish(A, comes).owns(B, "web");
    Scene here = new Scene().wish(A, comes).owns("web");

    assertEquals(
        Optional.of(Routing.of(List.of(route(80, B)), List.of(port(80)))),
        routing(before.routes(List.of(route(80, B)), List.of())));
    assertEquals(
        Optional.of(Routing.of(List.of(), List.of(port(80)))),
        routing(here.routes(List.of(route(80, B)), List.of())));
  }

  @Test
  void theRoutesOfOneThatShallRunNobodyKnowsWhereStay() {
    Scene scene = new Scene().wish("nowhere.example", WEB).routes(List.of(route(80, C)), List.of());

    assertEquals(Optional.empty(), routing(scene));
  }

  @Test
  void whileTheEngineIsAwayWhatIsOpenStaysOpen() {
    Scene scene = new Scene().wish(B, WEB).routes(List.of(), List.of(port(80))).engineAway();

    assertEquals(Optional.empty(), routing(scene));
  }

  @Test
  void whatCannotBeToldIsNotReplaced() {
    Scene scene = new Scene().wish(B, WEB).routes(Optional.empty());

    assertEquals(List.of(), scene.changes());
    assertEquals(List.of(Obstacle.Kind.ROUTES_UNKNOWN), scene.obstacles());
  }

  @Test
  void aNodeWithoutAnAddressOfItsOwnIsNamed() {
    KnownPeer loopback =
        new KnownPeer(
            io.flocker.core.id.NodeId.parse("dddddddd-0000-4000-8000-000000000004"),
            List.of(new io.flocker.core.id.Address("d.example", 1)),
            List.of(InetAddress.ofLiteral("127.0.0.1")),
            true,
            Optional.empty());
    Scene scene = new Scene().knows(loopback).wish("d.example", WEB);

    assertEquals(List.of(), scene.changes());
    assertEquals(List.of(Obstacle.Kind.NODE_UNROUTABLE), scene.obstacles());
  }

  @Test
  @DisplayName("92 what keeps one object from changing keeps no route, nor a route an application")
  void routesWaitForNothing() {
    Plan plan = new Scene().wish(B, WEB).wish(A, at("x", 81)).runs(WEB).plan();

    assertEquals(List.of(), ApplicationPlanTest.waits("route", plan));
    assertEquals(List.of(), ApplicationPlanTest.waits("start x", plan));
  }

  private static Optional<Routing> routing(Scene scene) {
    return scene
        .plan()
        .steps()
        .map(Plan.Step::change)
        .filter(Change.SetRoutes.class::isInstance)
        .map(change -> ((Change.SetRoutes) change).routing())
        .findFirst();
  }
}
