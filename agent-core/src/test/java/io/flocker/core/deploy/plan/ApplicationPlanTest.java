package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.ACCEPTED;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.at;
import static io.flocker.core.deploy.plan.Scene.container;
import static io.flocker.core.deploy.plan.Scene.ended;
import static io.flocker.core.deploy.plan.Scene.mount;
import static io.flocker.core.deploy.plan.Scene.plain;
import static io.flocker.core.deploy.plan.Scene.running;
import static io.flocker.core.deploy.plan.Scene.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Applications;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.ContainerState.Health;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplicationPlanTest {
  private static final Application WEB = plain("web");
  private static final Application DB = with("db", "db");

  @Test
  @DisplayName("82 nothing runs and nothing is wished: nothing is done")
  void nothingIsAnEmptyPlan() {
    Plan plan = new Scene().plan();

    assertTrue(plan.isEmpty());
    assertEquals(List.of(), plan.obstacles());
  }

  @Test
  @DisplayName("84 what runs and is not wished is stopped, what is wished and not there is started")
  void stopsAndStarts() {
    assertEquals(
        List.of("stop old", "start web"), new Scene().wish(A, WEB).runs(plain("old")).changes());
  }

  @Test
  @DisplayName("84 what is wished on another node only is not touched here")
  void leavesOthersPartToThem() {
    assertEquals(List.of(), new Scene().wish(B, WEB).changes());
  }

  @Test
  @DisplayName("84 on a node that the wish does not name everything of ours is stopped")
  void stopsAllOnANodeWithoutWish() {
    Scene scene = new Scene().runs(WEB).runs(DB).owns("db");

    assertEquals(List.of("stop db", "stop web"), scene.changes());
  }

  @Test
  void whatHasDoneItsWorkIsAsWished() {
    Scene done = new Scene().wish(A, WEB).has(WEB, ended(0, ACCEPTED.plusSeconds(1)));

    assertEquals(List.of(), done.changes());
    assertEquals(List.of(), done.obstacles());
  }

  @Test
  @DisplayName("84 what moves to another node is stopped here")
  void stopsWhatMoves() {
    assertEquals(
        List.of("prepare web at B", "stop web"), new Scene().wish(B, WEB).runs(WEB).changes());
    assertEquals(
        List.of(
            "have node " + B + " get ready for web, while that runs here",
            "stop web: node " + B + " shall run it"),
        new Scene().wish(B, WEB).runs(WEB).sentences());
  }

  @Test
  @DisplayName("86 what exists and does not run is restarted once, and never just started")
  void restartsWhatIsThere() {
    ContainerState ended = ended(0, ACCEPTED.minusSeconds(1));

    assertEquals(List.of("restart web"), new Scene().wish(A, WEB).has(WEB, ended).changes());
  }

  @Test
  @DisplayName("86 what exists, does not run and is not wished is taken away")
  void removesWhatEnded() {
    assertEquals(List.of("stop web"), new Scene().has(WEB, ended(1, ACCEPTED)).changes());
  }

  @Test
  @DisplayName("87 another image, port or link is a restart")
  void restartsWhatChanged() {
    for (Application changed :
        List.of(
            WEB.with().image(Image.parse("nginx")).build(),
            WEB.with().ports(List.of(Port.tcp(80, 8080))).build(),
            WEB.with().links(List.of(new Link(80, 8080, "db"))).build())) {
      assertEquals("restart web", new Scene().wish(A, changed).runs(WEB).changes().getLast());
    }
  }

  @Test
  @DisplayName("87 several reasons are one restart, and each is told")
  void restartsOnceForSeveralReasons() {
    Application changed =
        WEB.with()
            .image(Image.parse("nginx"))
            .links(List.of(new Link(80, 8080, "db")))
            .restartPolicy(RestartPolicy.ALWAYS)
            .build();

    assertEquals(
        List.of(
            "restart web: it ended with exit code 1; change of image; change of links; its links"
                + " lead to a.example now"),
        new Scene()
            .wish(A, changed)
            .has(definedAt("old.example", WEB, ended(1, ACCEPTED)))
            .sentences());
  }

  @Test
  @DisplayName("93 what somebody stopped runs again with the next wish, whatever its policy is")
  void startsAgainWithTheNextWish() {
    ContainerState before = ended(137, ACCEPTED.minusSeconds(1));
    ContainerState after = ended(137, ACCEPTED.plusSeconds(1));

    assertEquals(List.of("restart web"), new Scene().wish(A, WEB).has(WEB, before).changes());
    Scene ended = new Scene().wish(A, WEB).has(WEB, after);
    assertEquals(List.of(), ended.changes());
    assertEquals(List.of(Obstacle.Kind.ENDED), ended.obstacles());
  }

  @Test
  @DisplayName("94 C01 an application that has every part there is goes on untouched")
  void neverRestartsWhatIsUnchanged() {
    NodeId linkedFrom = A;
    Scene scene =
        new Scene()
            .wish(linkedFrom, Applications.FULL, WEB)
            .runs(Applications.FULL)
            .runs(WEB)
            .routes(List.of(), List.of(Scene.port(27_017), udp(5_353)))
            .owns("logs", OptionalLong.empty())
            .has(
                new LocalVolume(
                    Applications.FULL.volumes().getFirst().id().orElseThrow(),
                    Applications.FULL.volumes().getFirst().name(),
                    Role.OWNER,
                    A,
                    OptionalLong.of(1L << 30),
                    new MountStatus(MountStatus.State.MOUNTED, Optional.empty()),
                    Path.of("/flocker/default.mongodb")));

    assertEquals(List.of(), scene.sentences());
    assertEquals(List.of(), scene.obstacles());
  }

  @Test
  @DisplayName("94 environment and limits are seen where they change, and only there")
  void seesEnvironmentAndLimits() {
    Application limited =
        WEB.with()
            .limits(
                new Limits(
                    OptionalLong.of(1L << 20),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    new TreeMap<>()))
            .program(
                new Program(
                    Optional.empty(),
                    Optional.empty(),
                    new TreeMap<>(Map.of("KEY", "value")),
                    Optional.empty(),
                    Optional.empty()))
            .build();

    assertEquals(List.of(), new Scene().wish(A, limited).runs(limited).changes());
    assertEquals(
        List.of("restart web: change of limits; change of program"),
        new Scene().wish(A, limited).runs(WEB).sentences());
  }

  @Test
  void policiesOrderAndTimeoutsChangeWithoutARestart() {
    Application changed =
        WEB.with().restartPolicy(RestartPolicy.ALWAYS).startsAfter(List.of("db")).build();

    assertEquals(
        List.of(), new Scene().wish(A, changed, DB).runs(WEB).runs(DB).owns("db").changes());
  }

  @Test
  void aFolderOrAnAddressThatChangedIsARestart() {
    Application linked = DB.with().links(List.of(new Link(80, 8080, "web"))).build();
    Container elsewhere = container(linked, running(Optional.empty()));
    ContainerDefinition before = elsewhere.definition();
    Container moved =
        new Container(
            elsewhere.id(),
            elsewhere.name(),
            ContainerDefinition.of(
                linked, before.generation(), Map.of("/db", Path.of("/old/default.db")), "old"),
            elsewhere.digest(),
            true,
            elsewhere.state());

    assertEquals(
        List.of(
            "restart db: its volume default.db is in /flocker/default.db now; its links lead to"
                + " a.example now; somebody told the engine to restart it by itself"),
        new Scene().wish(A, linked).has(moved).owns("db").sentences());
  }

  @Test
  void endsAreJudgedByThePolicy() {
    Application kept = WEB.with().restartPolicy(RestartPolicy.onFailure(2)).build();
    ContainerState failed = ended(1, ACCEPTED.plusSeconds(1));

    assertEquals(List.of("restart web"), new Scene().wish(A, kept).has(kept, failed).changes());
    Scene often = new Scene().wish(A, kept).has(kept, failed).remembers("web", new Run(2, false));
    assertEquals(List.of(), often.changes());
    assertEquals(List.of(Obstacle.Kind.ENDED), often.obstacles());
  }

  @Test
  void whatIsNotHealthyIsRestartedOrNamed() {
    ContainerState sick = running(Optional.of(Health.UNHEALTHY));
    Application kept = WEB.with().restartPolicy(RestartPolicy.ALWAYS).build();

    assertEquals(List.of("restart web"), new Scene().wish(A, kept).has(kept, sick).changes());
    Scene left = new Scene().wish(A, WEB).has(WEB, sick);
    assertEquals(List.of(), left.changes());
    assertEquals(List.of(Obstacle.Kind.UNHEALTHY), left.obstacles());
  }

  @Test
  void startsInTheOrderThatIsWished() {
    Application web = WEB.with().startsAfter(List.of("proxy", "db")).build();
    Application proxy = plain("proxy").with().startsAfter(List.of("db")).build();
    Plan plan = new Scene().wish(A, web, proxy, DB).owns("db").plan();

    assertEquals(
        List.of("start db []", "start proxy [1]", "start web [1, 2]"),
        plan.steps().map(step -> Scene.summary(step.change()) + " " + step.waitsFor()).toList());
  }

  @Test
  void whatStartsAfterSomethingThatCannotStartWaitsForIt() {
    Application web = WEB.with().startsAfter(List.of("db")).build();
    Scene scene = new Scene().wish(A, web, DB).poolAway();

    assertEquals(List.of(), scene.changes());
    assertTrue(scene.obstacles().contains(Obstacle.Kind.STARTS_LATER));
  }

  @Test
  void aPortIsFreeBeforeAnotherTakesIt() {
    Scene renamed = new Scene().wish(A, at("new", 80)).runs(at("old", 80));
    Scene swapped =
        new Scene().wish(A, at("x", 81), at("y", 80)).runs(at("x", 80)).runs(at("y", 81));

    assertEquals(List.of("stop old", "route", "start new"), renamed.changes());
    assertEquals(waits("start new", renamed.plan()), List.of("stop old"));
    assertEquals(List.of("stop x", "stop y", "route", "start x", "start y"), swapped.changes());
    assertEquals(waits("start x", swapped.plan()), List.of("stop x", "stop y"));
  }

  @Test
  void nobodyWritesWhatIsNotThisNodesAnyMore() {
    for (Role role : List.of(Role.CONTESTED, Role.SUPERSEDED, Role.REPLICA, Role.RELEASED)) {
      Scene scene = new Scene().wish(A, DB).runs(DB).has("db", role, B);

      assertEquals(List.of("stop db", "await db " + cause(role), "start db"), scene.changes());
    }
  }

  @Test
  @DisplayName(
      "C09 while the engine is away volumes go on, and nothing is concluded of applications")
  void anEngineThatIsAwayKeepsNoVolume() {
    Scene scene =
        new Scene()
            .wish(A, DB, plain("gone"))
            .wish(B, with("moves", "moves"))
            .owns("moves")
            .engineAway();

    assertEquals(List.of("create db"), scene.changes());
    assertEquals(
        List.of(
            Obstacle.Kind.ENGINE_UNKNOWN, // of each application that is to run here
            Obstacle.Kind.ENGINE_UNKNOWN,
            Obstacle.Kind.STAYS,
            Obstacle.Kind.ENGINE_UNKNOWN),
        scene.obstacles());
  }

  @Test
  void whileThePoolIsAwayOnlyWhatHasNoVolumesIsChanged() {
    Scene scene =
        new Scene()
            .wish(A, WEB, DB)
            .wish(B, with("moves", "moves"))
            .runs(with("moves", "moves"))
            .runs(with("old", "old"))
            .poolAway();

    assertEquals(List.of("stop old", "start web"), scene.changes());
    assertEquals(
        List.of(
            Obstacle.Kind.VOLUMES_UNKNOWN, // of the application, and of its volume
            Obstacle.Kind.STAYS,
            Obstacle.Kind.VOLUMES_UNKNOWN,
            Obstacle.Kind.VOLUMES_UNKNOWN),
        scene.obstacles());
  }

  @Test
  void whatAReplacedApplicationUsedIsFreeBeforeItsSuccessorStarts() {
    Application successor = plain("db2").with().volumes(List.of(mount("db"))).build();
    Plan plan = new Scene().wish(A, successor).runs(DB).owns("db").plan();

    assertEquals(waits("start db2", plan), List.of("stop db"));
  }

  /** What the step of that summary waits for. */
  static List<String> waits(String summary, Plan plan) {
    List<Plan.Step> steps = plan.steps().toList();
    return steps.stream()
        .filter(step -> Scene.summary(step.change()).equals(summary))
        .flatMap(step -> step.waitsFor().stream())
        .map(number -> Scene.summary(steps.get(number - 1).change()))
        .toList();
  }

  private static Container definedAt(
      String linkHost, Application application, ContainerState state) {
    Container container = container(application, state);
    return new Container(
        container.id(),
        container.name(),
        ContainerDefinition.of(application, 1, Map.of(), linkHost),
        container.digest(),
        false,
        state);
  }

  private static io.flocker.core.deploy.route.ExternalPort udp(int number) {
    return new io.flocker.core.deploy.route.ExternalPort(
        io.flocker.core.deploy.Protocol.UDP, number);
  }

  private static String cause(Role role) {
    return role == Role.REPLICA ? "elsewhere" : role.toString();
  }
}
