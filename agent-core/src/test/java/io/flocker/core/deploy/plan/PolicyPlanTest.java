package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.ApplicationPlanTest.waits;
import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.C;
import static io.flocker.core.deploy.plan.Scene.id;
import static io.flocker.core.deploy.plan.Scene.local;
import static io.flocker.core.deploy.plan.Scene.mount;
import static io.flocker.core.deploy.plan.Scene.plain;
import static io.flocker.core.deploy.plan.Scene.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PolicyPlanTest {
  private static final Application SILENT = with("db", "db");
  private static final Application HELD = held(A.toString(), "b.example");
  private static final Policy AT_B = Policy.to(List.of(B));

  @Test
  void theOwnerSaysWhoHoldsWhatTheWishNamesAndIsNoPeerOfItself() {
    Scene scene = new Scene().wish(A, HELD).runs(HELD).owns("db");

    assertEquals(List.of("replicate db to [B]"), scene.changes());
    assertEquals(List.of("replicate default.db to node " + B), scene.sentences());
    assertEquals(List.of("replicate-volume"), kinds(scene));
  }

  @Test
  void whatIsSaidAlreadyIsNotSaidAgainWhoeverSaidItAndInWhateverOrder() {
    Application two = held("c.example", "b.example");
    for (boolean isWished : List.of(true, false)) {
      Scene scene =
          new Scene()
              .wish(A, two)
              .runs(two)
              .owns("db")
              .said("db", Policy.to(List.of(C, B)), isWished);

      assertEquals(List.of(), scene.changes());
    }
  }

  @Test
  void whatDiffersIsSaidAnewAndNamed() {
    Policy slow = new Policy(List.of(B), Duration.ofMinutes(5), Duration.ofSeconds(1));
    Scene scene = new Scene().wish(A, HELD).runs(HELD).owns("db").said("db", slow, false);

    assertEquals(
        List.of("replicate default.db to node " + B + "; anew: maxLag"), scene.sentences());
  }

  @Test
  void ofNoNodeIsAnotherThingThanNothing() {
    Application none = held();
    Scene scene = new Scene().wish(A, none).runs(none).owns("db").said("db", AT_B, false);

    assertEquals(List.of("replicate db to []"), scene.changes());
    assertEquals(
        List.of("replicate default.db to no node, whatever held before"), scene.sentences());
  }

  @Test
  void whatAnEarlierWishSaidIsTakenAwayAndWhatAUserSaidIsNot() {
    Scene wished = new Scene().wish(A, SILENT).runs(SILENT).owns("db").said("db", AT_B, true);
    Scene users = new Scene().wish(A, SILENT).runs(SILENT).owns("db").said("db", AT_B, false);
    Scene unnamed = new Scene().owns("db").said("db", AT_B, true);

    assertEquals(List.of("drop policy of db"), wished.changes());
    assertEquals(List.of(), users.changes());
    assertEquals(List.of("drop policy of db"), unnamed.changes());
  }

  @Test
  void whatIsSaidOfAnApplicationThatRunsNowhereStays() {
    Scene scene = new Scene().wish(A, plain("web")).owns("db").said("db", AT_B, true);
    Wish wish = new Wish(new Deployment(List.of(HELD), List.of()), 7, Scene.ACCEPTED);

    assertEquals(List.of(), Planner.plan(wish, scene.discovery()).steps().toList());
  }

  @Test
  void whoGivesAVolumeAwaySaysNothingOfIt() {
    Scene leaving = new Scene().wish(B, HELD).runs(HELD).owns("db");
    Scene dropped = new Scene().wish(B, SILENT).runs(SILENT).owns("db").said("db", AT_B, true);
    Scene staying = new Scene().wish(B, HELD).runs(HELD).owns("db").unreachable(B);
    List<String> move = List.of("prepare db at B", "push db to B", "stop db", "hand off db to B");

    assertEquals(move, leaving.changes());
    assertEquals(move, dropped.changes());
    assertEquals(List.of("replicate db to [B]"), staying.changes());
  }

  @Test
  void whoOwnsNothingOfItOrIsNotSureSaysNothing() {
    MountStatus.State unsure = MountStatus.State.UNCONFIRMED;
    Scene unconfirmed =
        new Scene().wish(A, HELD).has(local("db", Role.OWNER, A, OptionalLong.empty(), unsure));

    assertEquals(
        List.of("await db elsewhere", "start db"),
        new Scene().wish(A, HELD).has("db", Role.REPLICA, B).changes());
    assertEquals(List.of("await db unconfirmed", "start db"), unconfirmed.changes());
    assertEquals(List.of(), new Scene().wish(B, HELD).has("db", Role.REPLICA, B).changes());
  }

  @Test
  void aVolumeThatIsMadeIsReplicatedOnceItIsThereAndItsApplicationDoesNotWaitForThat() {
    Scene scene = new Scene().wish(A, HELD);

    assertEquals(List.of("create db", "replicate db to [B]", "start db"), scene.changes());
    assertEquals(List.of("create db"), waits("replicate db to [B]", scene.plan()));
    assertEquals(List.of("create db"), waits("start db", scene.plan()));
  }

  @Test
  void nothingIsSaidWhileItIsNotClearWhichNodesAreMeant() {
    Application unknown = held("b.example", "nowhere.example");
    Application alone = held("a.example");
    Scene strange = new Scene().wish(A, unknown).runs(unknown).owns("db").said("db", AT_B, true);
    Scene self = new Scene().wish(A, alone).runs(alone).owns("db").said("db", AT_B, true);

    assertEquals(List.of(), strange.changes());
    assertEquals(
        List.of(
            new Obstacle(
                Obstacle.Kind.NODE_UNKNOWN,
                Subject.replication(mount("db").name()),
                "default.db shall be held by nowhere.example, which is neither this node nor a"
                    + " peer of it: tell it with flocker peer add")),
        strange.plan().obstacles());
    assertEquals(List.of(), self.changes());
    assertEquals(List.of(Obstacle.Kind.NO_OTHER_NODE), self.obstacles());
  }

  @Test
  void ofAVolumeThatIsNamedTwiceWithTwoReplicationsNothingIsSaid() {
    MountedVolume exact =
        new MountedVolume(
            mount("db").name(),
            Optional.of(id("db")),
            "/other",
            true,
            OptionalLong.empty(),
            Optional.empty(),
            new TreeMap<>(),
            Optional.of(new WishedPolicy(List.of("c.example"), Policy.to(List.of()))));
    Application other = plain("web").with().volumes(List.of(exact)).build();
    Scene scene = new Scene().wish(A, HELD, other).runs(HELD).runs(other).owns("db");

    assertEquals(List.of(), scene.changes());
    assertEquals(List.of(Obstacle.Kind.VOLUME_AMBIGUOUS), scene.obstacles());
  }

  @Test
  void nothingIsTakenAwayOfWhatAnotherNodeOwns() {
    Scene scene = new Scene().has("db", Role.REPLICA, B).said("db", AT_B, true);

    assertEquals(List.of(), scene.changes());
    assertEquals(id("db"), scene.discovery().policies().keySet().iterator().next());
  }

  private static Application held(String... peers) {
    WishedPolicy policy = new WishedPolicy(List.of(peers), Policy.to(List.of()));
    return plain("db").with().volumes(List.of(mount("db").replicated(policy))).build();
  }

  private static List<String> kinds(Scene scene) {
    return scene.plan().steps().map(step -> step.change().kind()).toList();
  }
}
