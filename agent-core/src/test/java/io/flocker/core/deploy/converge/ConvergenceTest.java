package io.flocker.core.deploy.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.event.EventType;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
  private static final VolumeName DATA = VolumeName.parse("default.data");
  private static final VolumeName OTHER = VolumeName.parse("default.other");
  private static final Application DB = application("db", DATA);
  private static final Application SECOND = application("second", OTHER);
  private static final Application WEB =
      Application.named("web", Image.parse("web:1")).ports(List.of(Port.tcp(80, 8_080))).build();

  private final SimulatedNode node = new SimulatedNode();

  @Test
  void withoutAWishNothingIsAskedOrDone() {
    assertEquals(Optional.empty(), node.convergence.round());

    assertEquals(List.of(), node.calls);
    assertEquals(ConvergenceStatus.NONE, node.convergence.status());
  }

  @Test
  void anApplicationStartsOnceItsVolumeIsMade() {
    node.wish(here(DB, WEB));
    node.settle();

    assertTrue(node.runs("db"));
    assertTrue(node.runs("web"));
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
    assertEquals(ObjectStatus.State.AS_WISHED, node.status("application", "db").state());
    assertEquals(ObjectStatus.State.AS_WISHED, node.status("volume", "default.data").state());
    assertTrue(
        node.events.stream().anyMatch(event -> event.type() == EventType.CONVERGENCE_REACHED));
  }

  @Test
  void whatCouldNotBeDoneAboutRoutesStandsInTheirStatusThoughTheyAreAsWished() {
    node.undone = List.of("Connections keep their old way.");
    node.wish(there(WEB));
    node.settle();

    ObjectStatus status = node.status("routes", "");
    assertEquals(ObjectStatus.State.AS_WISHED, status.state());
    assertEquals("Connections keep their old way.", status.text());
    assertTrue(node.convergence.status().isAsWished());

    node.undone = List.of();
    node.settle();
    assertEquals("", node.status("routes", "").text());
  }

  @Test
  void anUnchangedWishAsksAndChangesNothing() {
    node.wish(here(DB, WEB));
    node.settle();
    node.calls.clear();
    node.events.clear();

    node.wish(here(DB, WEB));
    node.settle();

    assertEquals(List.of(), changes());
    assertFalse(node.calls.contains("ask"), node.calls::toString);
    assertEquals(2, node.convergence.status().generation());
  }

  @Test
  void anApplicationThatMovesIsStoppedOnceItsVolumeWasPushed() {
    VolumeId id = node.own(DATA, VolumeId.random());
    node.wish(here(DB));
    node.settle();
    node.calls.clear();

    node.wish(there(DB));
    node.settle();

    assertFalse(node.containers.containsKey("db"));
    assertEquals(id, node.there.get(DATA));
    assertEquals(
        List.of("prepare db", "push default.data", "stop db", "remove db", "hand-off default.data"),
        changes());
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
  }

  @Test
  void anApplicationGoesOnWhereItIsWhileTheOtherNodeCannotHaveIt() {
    node.own(DATA, VolumeId.random());
    node.wish(here(DB));
    node.settle();
    node.fails = call -> call.equals("prepare db");

    node.wish(there(DB));
    node.settle();

    assertTrue(node.runs("db"));
    assertTrue(node.here.containsKey(DATA));
    ObjectStatus status = node.status("application", "db");
    assertEquals(ObjectStatus.State.FAILED, status.state());

    node.fails = _ -> false;
    node.pass(Duration.between(node.instant(), status.nextTry().orElseThrow()));
    node.settle();
    assertTrue(node.there.containsKey(DATA));
  }

  @Test
  void whatWasDoneAheadOfAMoveIsNotDoneAgainWhileTheRestOfItWaits() {
    Application both =
        Application.named("both", Image.parse("both:1"))
            .volumes(List.of(MountedVolume.of(DATA, "/data"), MountedVolume.of(OTHER, "/other")))
            .build();
    node.own(DATA, VolumeId.random());
    node.own(OTHER, VolumeId.random());
    node.wish(here(both));
    node.settle();
    node.wish(there(both));

    for (int look = 0; look < 10; look++) {
      var _ = node.convergence.round(); // As each change that ends has it look anew.
      if (!node.waiting.isEmpty()) {
        node.waiting.removeFirst().run();
      }
    }
    node.settle();

    assertEquals(1, node.calls.stream().filter("prepare both"::equals).count());
    assertEquals(1, node.calls.stream().filter("push default.data"::equals).count());
    assertEquals(1, node.calls.stream().filter("push default.other"::equals).count());
    assertTrue(node.there.keySet().containsAll(List.of(DATA, OTHER)), node.there::toString);
  }

  @Test
  @DisplayName("20 a volume that another node owns is waited for, and used once it has come")
  void whatComesIsWaitedForByEventAndNotMadeAnew() {
    node.there.put(DATA, VolumeId.random());
    node.wish(here(DB));
    node.settle();

    assertEquals(ObjectStatus.State.WAITING, node.status("application", "db").state());
    assertEquals(List.of(), changes());

    node.giveBack(DATA);
    node.settle();

    assertTrue(node.runs("db"));
  }

  @Test
  @DisplayName("C05 an application that ends again and again is started ever later, and says why")
  void backsOffFromACrashLoop() {
    node.wish(here(always(WEB)));
    node.settle();
    int starts = starts();

    node.end("web", 1);
    node.settle();
    assertEquals(starts + 1, starts(), "at once the first time");

    Duration waited = Duration.ZERO;
    for (int i = 0; i < 5; i++) {
      node.end("web", 1);
      node.settle();
      ObjectStatus status = node.status("application", "web");
      assertEquals(ObjectStatus.State.FAILED, status.state());
      assertEquals(i + 1, status.tries());
      assertTrue(status.lastError().orElseThrow().toString().contains("last words"));
      Duration next = Duration.between(node.instant(), status.nextTry().orElseThrow());
      assertTrue(next.compareTo(waited) > 0, next::toString);
      assertEquals(Optional.of(next), node.convergence.round(), "that is when it looks again");
      waited = next;
      node.pass(next);
      node.settle();
      assertTrue(node.runs("web"));
    }

    node.pass(Runs.WELL);
    node.settle();
    node.end("web", 1);
    node.settle();
    assertTrue(node.runs("web"), "what has run well is started at once");
  }

  @Test
  void whatCouldNotBeStartedIsTriedAgainAlsoAfterRestarts() {
    node.wish(here(always(WEB)));
    node.settle();
    node.end("web", 1);
    node.settle();
    node.end("web", 1);
    node.fails = call -> call.equals("start web");
    node.pass(Duration.ofMinutes(1));
    node.settle();
    assertFalse(node.runs("web"));
    ObjectStatus status = node.status("application", "web");

    node.fails = _ -> false;
    node.pass(Duration.between(node.instant(), status.nextTry().orElseThrow()));
    node.settle();

    assertTrue(node.runs("web"));
  }

  @Test
  void whatIsNotWellAgainAndAgainIsRestartedEachTime() {
    node.wish(here(always(WEB)));
    node.settle();

    for (int i = 0; i < 3; i++) {
      String before = Objects.requireNonNull(node.containers.get("web")).id();
      node.pass(Duration.ofSeconds(30));
      node.sicken("web");
      node.settle();
      node.pass(Duration.ofSeconds(30));
      node.settle();
      assertNotEquals(before, Objects.requireNonNull(node.containers.get("web")).id());
    }
  }

  @Test
  void whatHasEndedIsRestartedThoughItsLogCannotBeHad() {
    node.wish(here(always(WEB)));
    node.settle();
    node.fails = what -> what.startsWith("tail ");

    node.end("web", 1);
    node.pass(Duration.ofSeconds(30));
    node.settle();

    assertTrue(node.runs("web"));
  }

  @Test
  void howOftenAnApplicationWasRestartedOutlivesTheDaemon() {
    Application failing = WEB.with().restartPolicy(RestartPolicy.onFailure(2)).build();
    node.wish(here(failing));
    node.settle();
    for (int i = 0; i < 2; i++) {
      node.end("web", 1);
      node.pass(Runs.WELL.dividedBy(2));
      node.settle();
    }
    assertTrue(node.runs("web"));

    node.restart();
    node.settle();
    node.end("web", 1);
    node.pass(Runs.WELL.dividedBy(2));
    node.settle();

    assertFalse(node.runs("web"));
    assertEquals(ObjectStatus.State.HINDERED, node.status("application", "web").state());
  }

  @Test
  @DisplayName("C08 of two wishes the later one comes true, also in the midst of the earlier")
  void theNewestWishWins() {
    node.own(DATA, VolumeId.random());
    node.wish(here(DB));
    node.settle();

    node.wish(there(DB));
    var _ = node.convergence.round();
    node.waiting.removeFirst().run(); // The peer is ready; the push has begun, and is not done.
    assertEquals(ObjectStatus.State.CHANGING, node.status("volume", "default.data").state());
    node.wish(here(DB));
    node.settle();

    assertTrue(node.runs("db"));
    assertTrue(node.here.containsKey(DATA));
    assertEquals(1, starts(), "it was never stopped");
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
  }

  @Test
  void aMoveThatIsStillWantedGoesOnUnderALaterWish() {
    node.own(DATA, VolumeId.random());
    node.own(OTHER, VolumeId.random());
    node.wish(here(DB, SECOND));
    node.settle();
    node.wish(
        new Deployment(List.of(DB, SECOND), List.of(on("10.0.0.2", DB), on("10.0.0.1", SECOND))));
    var _ = node.convergence.round();

    node.wish(there(DB, SECOND));
    node.settle();

    assertEquals(1, node.calls.stream().filter("push default.data"::equals).count());
    assertTrue(node.there.keySet().containsAll(List.of(DATA, OTHER)), node.there::toString);
  }

  @Test
  @DisplayName("C09 while the engine is away volumes converge, and the status says so")
  void volumesConvergeWithoutTheEngine() {
    node.isEngineAway = true;
    node.wish(here(DB));
    node.settle();

    assertTrue(node.here.containsKey(DATA));
    assertFalse(node.convergence.status().isAsWished());
    assertTrue(
        node.convergence.status().objects().stream()
            .anyMatch(object -> object.state() == ObjectStatus.State.HINDERED),
        node.convergence.status()::toString);

    node.isEngineAway = false;
    node.settle();

    assertTrue(node.runs("db"));
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
  }

  @Test
  @DisplayName("C10 an object that is stuck holds up no other")
  void oneStuckObjectStopsNobodyElse() {
    node.fails = call -> call.equals("create-volume default.data");
    node.wish(here(DB, SECOND, WEB));
    node.settle();

    assertTrue(node.runs("second"));
    assertTrue(node.runs("web"));
    assertFalse(node.runs("db"));
    ObjectStatus stuck = node.status("volume", "default.data");
    assertEquals(ObjectStatus.State.FAILED, stuck.state());
    assertEquals(SimulatedNode.SELF, stuck.lastError().orElseThrow().get("node"));

    node.fails = _ -> false;
    node.settle();
    assertFalse(node.runs("db"), "not before its next try");
    node.pass(Duration.between(node.instant(), stuck.nextTry().orElseThrow()));
    node.settle();
    assertTrue(node.runs("db"));
  }

  @Test
  void whatHasEndedIsRestartedHoweverManyVolumesMove() {
    List<Application> moving = new ArrayList<>();
    for (int i = 0; i <= Convergence.MOST_AT_ONCE; i++) {
      VolumeName volume = VolumeName.parse("default.volume" + i);
      node.own(volume, VolumeId.random());
      moving.add(application("moving" + i, volume));
    }
    Application web = always(WEB);
    Application[] moved = moving.toArray(Application[]::new);
    node.wish(here(web));
    node.settle();
    List<Application> all = new ArrayList<>(moving);
    all.add(web);
    node.wish(new Deployment(all, List.of(on("10.0.0.1", web), on("10.0.0.2", moved))));
    var _ = node.convergence.round();
    assertEquals(Convergence.MOST_AT_ONCE, node.waiting.size());

    node.end("web", 1);
    node.pass(Duration.ofSeconds(30));
    var _ = node.convergence.round();
    node.waiting.getLast().run();

    assertTrue(node.runs("web"));
  }

  @Test
  @DisplayName("C11 after a reboot in the midst of it the same end is reached")
  void aRebootInTheMidstChangesNoEnd() {
    VolumeId id = node.own(DATA, VolumeId.random());
    node.wish(here(DB, WEB));
    node.settle();
    node.wish(there(DB));
    var _ = node.convergence.round();
    node.waiting.removeFirst().run(); // Pushed; the stop has begun, and the machine ends.
    node.endAll();
    node.restart();

    node.settle();

    assertEquals(id, node.there.get(DATA));
    assertEquals(0, node.containers.size());
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
  }

  @Test
  void whatTheEngineHasEndedRunsAgainWhateverItsPolicy() {
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));

    node.isEngineAway = true;
    node.runs.engineAway();
    node.pass(Duration.ofSeconds(2));
    node.endAll();
    node.settle();
    node.isEngineAway = false;
    node.runs.engineBack();
    node.settle();

    assertTrue(node.runs("db"));
  }

  @Test
  void whatEndedWithTheEngineWhileNoDaemonWasThereRunsAgainWhateverItsPolicy() {
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));

    node.end("db", 255); // So says an engine that was killed with it.
    node.end("web", 1);
    node.pass(Duration.ofMinutes(1));
    node.restart();
    node.settle();

    assertTrue(node.runs("db"));
    assertFalse(node.runs("web"));
  }

  @Test
  void whatEndedWithAnEngineThatWasStoppedWhileNoDaemonWasThereRunsAgain() {
    node.beginEngine();
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("web", 0);
    settleLater(); // The daemon sees that it ended by itself.

    node.pass(Duration.ofHours(1));
    node.end("db", 0); // The engine has told it to, and it obeyed.
    node.pass(Duration.ofHours(1));
    node.beginEngine();
    node.pass(Duration.ofHours(1));
    node.restart();
    node.settle();

    assertTrue(node.runs("db"));
    assertFalse(node.runs("web"), "what was done is not done again");
  }

  @Test
  void whatEndedUnderTheEngineThatStillRunsIsLeftThoughNoDaemonWasThere() {
    node.beginEngine();
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));

    node.end("db", 255);
    node.pass(Duration.ofHours(1));
    node.restart();
    node.settle();

    assertFalse(node.runs("db"));
  }

  @Test
  void whatWasSeenToEndStaysEndedWhereTheEngineIsStoppedUnderTheDaemon() {
    node.beginEngine();
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("web", 0);
    node.settle();
    node.pass(Duration.ofSeconds(30)); // Not so long that it was written down.

    node.isEngineAway = true;
    node.runs.engineAway();
    node.pass(Duration.ofSeconds(2));
    node.endAll();
    node.settle();
    node.isEngineAway = false;
    node.runs.engineBack();
    node.beginEngine();
    node.settle();

    assertTrue(node.runs("db"));
    assertFalse(node.runs("web"));
  }

  @Test
  void whatEndedAsTheEngineWentRunsAgainThoughTheDaemonSawItAndWentToo() {
    node.beginEngine();
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));

    node.end("db", 0);
    node.settle(); // The engine still answers.
    node.pass(Duration.ofSeconds(10));
    node.beginEngine();
    node.restart();
    node.settle();

    assertTrue(node.runs("db"));
  }

  @Test
  void anEndThatCannotBeWrittenDownIsSoLater() {
    node.beginEngine();
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.fails = call -> call.equals("write-ends");
    node.end("db", 0);
    settleLater();
    node.fails = _ -> false;
    settleLater();

    node.beginEngine();
    node.restart();
    node.settle();

    assertFalse(node.runs("db"));
  }

  @Test
  void whatIsDoneIsNotDoneAgainWhereItIsForgottenWhoSawItEnd() {
    node.beginEngine();
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("db", 255); // So says an engine that was killed with it.
    node.end("web", 0);
    node.pass(Duration.ofHours(1));
    node.beginEngine();
    node.pass(Duration.ofHours(1));

    node.forgetEnds();
    node.restart();
    node.settle();

    assertTrue(node.runs("db"));
    assertFalse(node.runs("web"));
    node.beginEngine();
    node.restart();
    node.settle();
    assertFalse(node.runs("web"), "it is known from now on");
  }

  @Test
  void anEngineThatBeganWithItsClockAheadDecidesNothingUntilThen() {
    node.beginEngine();
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("web", 0);
    settleLater(); // The daemon sees that it ended by itself.
    node.end("db", 0); // The engine has told it to, and it obeyed.
    node.pass(Duration.ofHours(1));
    node.beginEngine();
    node.pass(Duration.ofMinutes(-30));

    node.restart();
    settleLater();

    assertFalse(node.runs("db"));
    node.pass(Duration.ofHours(1));
    node.restart();
    node.settle();
    assertTrue(node.runs("db"), "it was not taken for seen");
    assertFalse(node.runs("web"));
  }

  @Test
  void anEngineThatCannotSayWhenItBeganIsAskedAgainAndTheRestIsDone() {
    node.beginEngine();
    node.wish(here(DB, WEB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("db", 0); // The engine has told it to, and it obeyed.
    node.end("web", 255); // It did not, and was killed.
    node.pass(Duration.ofHours(1));
    node.beginEngine();
    node.fails = call -> call.equals("begun");
    node.restart();
    settleLater();

    assertTrue(node.runs("web"));
    node.fails = _ -> false;
    node.settle();
    assertTrue(node.runs("db"));
  }

  @Test
  void anEngineIsNotAskedAgainWhenItBeganForWhatIsKnownToBeDone() {
    node.beginEngine();
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));
    node.end("db", 0);
    node.settle();
    assertTrue(node.calls.contains("begun"));
    node.calls.clear();

    settleLater();

    assertFalse(node.calls.contains("begun"));
  }

  private void settleLater() {
    node.settle();
    node.pass(Convergence.LONGEST_PAUSE);
    node.settle();
  }

  @Test
  void whatEndsWithTheSameStatusWhileItsEngineRunsIsLeftToItsPolicy() {
    node.wish(here(DB));
    node.settle();
    node.pass(Duration.ofHours(1));

    node.end("db", 255);
    node.settle();

    assertFalse(node.runs("db"));
  }

  @Test
  void thatItCannotBeWrittenDownWhatHasEndedIsToldOnceAndAgainWhenItHappensAgain() {
    node.wish(here(DB));
    node.settle();
    for (int time = 1; time <= 2; time++) {
      node.fails = call -> call.equals("write-ends");
      node.end("db", time);
      for (int look = 0; look < 3; look++) {
        node.pass(Duration.ofMinutes(1));
        node.settle();
      }
      assertEquals(time, node.logged.size());

      node.fails = _ -> false;
      node.pass(Duration.ofMinutes(1));
      node.settle();
      node.wish(here(always(DB)));
      node.settle();
      node.wish(here(DB));
      node.settle();
    }
  }

  @Test
  void aPeerThatDoesNotAnswerKeepsTheApplicationRunningHere() {
    node.own(DATA, VolumeId.random());
    node.wish(here(DB));
    node.settle();
    node.isPeerAway = true;

    node.wish(there(DB));
    node.settle();
    assertTrue(node.runs("db"));

    node.isPeerAway = false;
    node.pass(Convergence.LONGEST_PAUSE);
    node.settle();
    assertTrue(node.there.containsKey(DATA));
  }

  @Test
  void whatTheWishSaysOfReplicationIsSaidOfTheVolumeOnceItIsMadeAndTakenAwayWithTheWish() {
    Policy terms = new Policy(List.of(), Duration.ofMinutes(5), Duration.ofSeconds(1));
    node.wish(here(replicated(DB, terms)));
    node.settle();

    OwnPolicy said = new OwnPolicy(terms.at(List.of(SimulatedNode.PEER)), true);
    assertEquals(List.of(said), List.copyOf(node.policies.values()));
    assertEquals(ObjectStatus.State.AS_WISHED, node.status("replication", "default.data").state());
    assertTrue(node.convergence.status().isAsWished(), node.convergence.status()::toString);
    node.calls.clear();
    node.wish(here(replicated(DB, terms)));
    node.settle();
    assertEquals(List.of(), changes());

    node.wish(here(DB));
    node.settle();
    assertEquals(List.of(), List.copyOf(node.policies.values()));
    assertTrue(node.runs("db"), "it was not restarted for that");
    assertEquals(List.of("replicate default.data"), changes());
  }

  @Test
  void whatAUserSaysOfReplicationStaysWhereTheWishSaysNothing() {
    VolumeId id = node.own(DATA, VolumeId.random());
    OwnPolicy users = new OwnPolicy(Policy.to(List.of(SimulatedNode.PEER)), false);
    node.policies.put(id, users);

    node.wish(here(DB));
    node.settle();

    assertEquals(users, node.policies.get(id));
  }

  @Test
  void aPolicyThatCannotBeSaidHoldsUpNothingElse() {
    node.fails = call -> call.equals("replicate default.data");

    node.wish(here(replicated(DB, Policy.to(List.of()))));
    node.settle();

    assertTrue(node.runs("db"));
    assertEquals(ObjectStatus.State.AS_WISHED, node.status("volume", "default.data").state());
    ObjectStatus status = node.status("replication", "default.data");
    assertEquals(ObjectStatus.State.FAILED, status.state());
    assertEquals("replicate default.data to node " + SimulatedNode.PEER, status.text());

    node.fails = _ -> false;
    node.pass(Duration.between(node.instant(), status.nextTry().orElseThrow()));
    node.settle();
    assertEquals(1, node.policies.size());
  }

  private static Application replicated(Application application, Policy terms) {
    WishedPolicy policy = new WishedPolicy(List.of("10.0.0.1", "10.0.0.2"), terms);
    return application
        .with()
        .volumes(application.volumes().stream().map(one -> one.replicated(policy)).toList())
        .build();
  }

  private List<String> changes() {
    List<String> looks =
        List.of("list", "begun", "volumes", "routes", "ask", "inspect", "write-ends");
    return node.calls.stream().filter(call -> !looks.contains(call)).toList();
  }

  private int starts() {
    return (int) node.calls.stream().filter(call -> call.startsWith("start ")).count();
  }

  private static Application application(String name, VolumeName volume) {
    return Application.named(name, Image.parse(name + ":1"))
        .volumes(List.of(MountedVolume.of(volume, "/data")))
        .build();
  }

  private static Application always(Application application) {
    return application.with().restartPolicy(RestartPolicy.ALWAYS).build();
  }

  private static Deployment here(Application... applications) {
    return new Deployment(List.of(applications), List.of(on("10.0.0.1", applications)));
  }

  private static Deployment there(Application... applications) {
    return new Deployment(List.of(applications), List.of(on("10.0.0.2", applications)));
  }

  private static NodeWish on(String host, Application... applications) {
    return NodeWish.of(host, Stream.of(applications).map(Application::name).toList());
  }
}
