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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.plan.KnownPeer.RemoteVolume;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VolumePlanTest {
  private static final Application DB = with("db", "db");

  @Test
  @DisplayName("85 a volume that is nowhere is created before its application starts")
  void createsWhatIsNowhere() {
    Scene scene = new Scene().wish(A, DB);

    assertEquals(List.of("create db", "start db"), scene.changes());
    assertEquals(List.of("create db"), waits("start db", scene.plan()));
  }

  @Test
  @DisplayName("85 C03 a volume that is elsewhere is waited for, and never created empty instead")
  void waitsForWhatIsElsewhere() {
    for (Scene scene :
        List.of(
            new Scene().wish(A, DB).owns(B, "db"),
            new Scene().wish(A, DB).has("db", Role.REPLICA, B),
            new Scene().wish(A, DB).has("db", Role.RELEASED, B).owns(B, "db"))) {
      assertEquals(2, scene.changes().size());
      assertTrue(scene.changes().getFirst().startsWith("await db"), scene.changes()::toString);
      assertEquals(List.of(scene.changes().getFirst()), waits("start db", scene.plan()));
    }
  }

  @Test
  @DisplayName("85 a volume that leaves is pushed, then its application stopped, then handed off")
  void handsOffWhatLeaves() {
    Scene scene = new Scene().wish(B, DB).runs(DB).owns("db");

    assertEquals(
        List.of("prepare db at B", "push db to B", "stop db", "hand off db to B"), scene.changes());
    assertEquals(List.of("prepare db at B"), waits("push db to B", scene.plan()));
    assertEquals(List.of("prepare db at B", "push db to B"), waits("stop db", scene.plan()));
    assertEquals(List.of("stop db"), waits("hand off db to B", scene.plan()));
  }

  @Test
  @DisplayName("85 a volume that is where it is wished is left alone")
  void leavesWhatIsRight() {
    assertEquals(List.of(), new Scene().wish(A, DB).runs(DB).owns("db").changes());
  }

  @Test
  @DisplayName("88 two nodes that swap volumes both hand off before they wait")
  void handsOffBeforeItWaits() {
    Plan plan =
        new Scene()
            .wish(A, with("mine", "theirs"))
            .wish(B, DB)
            .runs(DB)
            .owns("db")
            .owns(B, "theirs")
            .plan();

    assertEquals(
        List.of(Phase.PREPARE, Phase.PUSH, Phase.STOP, Phase.HAND_OFF, Phase.AWAIT, Phase.START),
        plan.phases().stream().map(Plan.PlannedPhase::phase).toList());
    assertEquals(List.of("stop db"), waits("hand off db to B", plan));
    assertEquals(List.of(), waits("await theirs elsewhere", plan));
  }

  @Test
  @DisplayName("95 the volume of an application that was taken out is there when it comes back")
  void volumesOutliveApplications() {
    assertEquals(List.of("stop db"), new Scene().runs(DB).owns("db").changes());
    assertEquals(List.of("start db"), new Scene().wish(A, DB).owns("db").changes());
  }

  @Test
  @DisplayName("C02 a volume that nobody wishes any more stays where it is")
  void keepsWhatIsExtra() {
    assertEquals(List.of(), new Scene().owns("old").has("copy", Role.REPLICA, B).changes());
  }

  @Test
  @DisplayName("91 another node's copy of a volume is no volume to run on")
  void neverAttachesACopy() {
    Scene scene = new Scene().wish(A, DB).has("db", Role.REPLICA, B);

    assertEquals(List.of("await db elsewhere", "start db"), scene.changes());
    assertEquals(
        List.of("wait for default.db of node " + B + " until its owner hands it off"),
        scene.sentences().subList(0, 1));
  }

  @Test
  @DisplayName("96 what is used by an application that goes on here is not handed off")
  void keepsWhatIsInUse() {
    Scene unreachable = new Scene().wish(B, DB).runs(DB).owns("db").unreachable(B);
    Scene unknown = new Scene().wish("nowhere.example", DB).runs(DB).owns("db");

    assertEquals(List.of(), unreachable.changes());
    assertEquals(
        List.of(Obstacle.Kind.NODE_UNREACHABLE, Obstacle.Kind.NODE_UNREACHABLE),
        unreachable.obstacles());
    assertEquals(List.of(), unknown.changes());
    assertEquals(List.of(Obstacle.Kind.NODE_UNKNOWN), unknown.obstacles());
  }

  @Test
  @DisplayName("96 one volume that cannot leave keeps its application, and that its other volumes")
  void goesWithAllOrNotAtAll() {
    Application two = with("two", "here", "stuck");
    Scene scene =
        new Scene()
            .wish(B, two, with("other", "free"))
            .runs(two)
            .runs(with("other", "free"))
            .owns("here")
            .owns("free")
            .has(local("stuck", Role.OWNER, A, OptionalLong.empty(), MountStatus.State.FAILED));

    assertEquals(
        List.of("prepare other at B", "push free to B", "stop other", "hand off free to B"),
        scene.changes());
    assertEquals(
        List.of(
            "two goes on here for now: its volume default.stuck stays",
            "default.here stays here for now: application two uses it, and goes on here",
            "default.stuck stays here for now: it is not mounted (failed)"),
        scene.plan().obstacles().stream().map(Obstacle::text).toList());
  }

  @Test
  @DisplayName("96 who uses a volume that leaves and goes on here without it is stopped meanwhile")
  void stopsWhoeverUsesWhatLeaves() {
    Application before = with("app", "one", "two");
    Application after = with("app", "one");
    Scene scene =
        new Scene()
            .wish(A, after)
            .wish(B, with("taker", "two"))
            .runs(before)
            .owns("one")
            .owns("two");

    assertEquals(
        List.of("push two to B", "stop app", "hand off two to B", "start app"), scene.changes());
    assertEquals(List.of("stop app"), waits("start app", scene.plan()));
  }

  @Test
  @DisplayName("96 other metadata changes nothing")
  void metadataIsOnlyForNewVolumes() {
    MountedVolume plain = mount("db");
    MountedVolume described =
        new MountedVolume(
            plain.name(),
            plain.id(),
            plain.mountpoint(),
            false,
            OptionalLong.empty(),
            Optional.of("gold"),
            new TreeMap<>(Map.of("team", "storage")),
            Optional.empty());
    Application app = plain("db").with().volumes(List.of(described)).build();

    assertEquals(List.of(), new Scene().wish(A, app).runs(app).owns("db").changes());
  }

  @Test
  void resizesBeforeTheMoveAndAfterIt() {
    Application sized = plain("db").with().volumes(List.of(mount("db", 1 << 20))).build();

    assertEquals(
        List.of("resize db", "prepare db at B", "push db to B", "stop db", "hand off db to B"),
        new Scene().wish(B, sized).runs(DB).owns("db").changes());
    assertEquals(
        List.of("await db elsewhere", "resize db", "start db"),
        new Scene().wish(A, sized).owns(B, "db").changes());
    assertEquals(
        List.of("resize default.db from no limit to 1048576 bytes"),
        new Scene().wish(A, sized).runs(sized).owns("db").sentences());
  }

  @Test
  void whatMayBelongToALaterOwnerIsNotResized() {
    Application sized = plain("db").with().volumes(List.of(mount("db", 1 << 20))).build();
    LocalVolume unconfirmed =
        local("db", Role.OWNER, A, OptionalLong.empty(), MountStatus.State.UNCONFIRMED);

    assertEquals(
        List.of("await db unconfirmed", "start db"),
        new Scene().wish(A, sized).has(unconfirmed).changes());
  }

  @Test
  void allWhoShareAVolumeAreStoppedBeforeItLeaves() {
    Application reader = plain("reader").with().volumes(List.of(mount("db"))).build();
    Plan plan = new Scene().wish(B, DB, reader).runs(DB).runs(reader).owns("db").plan();

    assertEquals(List.of("stop db", "stop reader"), waits("hand off db to B", plan));
    assertEquals(List.of("prepare reader at B", "push db to B"), waits("stop reader", plan));
  }

  @Test
  void whatIsBeingHandedOffIsLeftToThat() {
    assertEquals(List.of(), new Scene().wish(B, DB).has("db", Role.RELEASED, B).changes());
  }

  @Test
  void noLimitIsASizeToo() {
    assertEquals(
        List.of("resize default.db from 5 bytes to no limit"),
        new Scene().wish(A, DB).runs(DB).owns("db", OptionalLong.of(5)).sentences());
  }

  @Test
  void aNewVolumeIsAsTheWishHasItOnceThePeersHaveSpoken() {
    Application sized = plain("db").with().volumes(List.of(mount("db", 1 << 20))).build();
    Scene scene = new Scene().wish(A, sized).unreachable(C);

    assertEquals(
        "create default.db of at most 1048576 bytes, once these nodes have said that they do not"
            + " have it: "
            + C,
        scene.sentences().getFirst());
  }

  @Test
  void aVolumeThatIsOnItsWayBetweenOthersIsNotCreated() {
    RemoteVolume released = remote("db", Role.RELEASED, C);

    assertEquals(
        List.of("await db elsewhere", "start db"),
        new Scene().wish(A, DB).says(B, List.of(released)).changes());
  }

  @Test
  void byItsIdAVolumeIsFoundWhateverItIsCalled() {
    MountedVolume named = mount("other");
    Application app =
        plain("app")
            .with()
            .volumes(
                List.of(
                    new MountedVolume(
                        named.name(),
                        Optional.of(id("db")),
                        "/db",
                        false,
                        OptionalLong.empty(),
                        Optional.empty(),
                        named.metadata(),
                        Optional.empty())))
            .build();

    assertEquals(List.of("start app"), new Scene().wish(A, app).owns("db").owns("other").changes());
  }

  @Test
  void ofSeveralVolumesOfANameTheOwnersCount() {
    RemoteVolume namesake =
        new RemoteVolume(
            id("another"), VolumeName.parse("default.db"), Role.OWNER, C, OptionalLong.empty());

    assertEquals(
        List.of("start db"),
        new Scene().wish(A, DB).owns("db").says(C, List.of(namesake)).changes());
    Scene two = new Scene().wish(A, DB).owns(B, "db").says(C, List.of(namesake));
    assertEquals(List.of(), two.changes());
    assertEquals(
        List.of(Obstacle.Kind.VOLUME_AMBIGUOUS, Obstacle.Kind.VOLUME_AMBIGUOUS), two.obstacles());
    Scene leaving = new Scene().wish(B, DB).owns("db").says(C, List.of(namesake));
    assertEquals(List.of(), leaving.changes());
    assertEquals(List.of(Obstacle.Kind.VOLUME_AMBIGUOUS), leaving.obstacles());
  }

  @Test
  void oneVolumeOnTwoNodesByNameAndIdIsNoWish() {
    MountedVolume byId =
        new MountedVolume(
            VolumeName.parse("default.other"),
            Optional.of(id("db")),
            "/db",
            false,
            OptionalLong.empty(),
            Optional.empty(),
            new TreeMap<>(),
            Optional.empty());
    Application other = plain("other").with().volumes(List.of(byId)).build();
    Scene scene = new Scene().wish(A, DB).wish(B, other).owns("db");

    assertEquals(List.of(), scene.changes());
    assertTrue(scene.obstacles().contains(Obstacle.Kind.VOLUME_AMBIGUOUS));
  }

  @Test
  void nodesAreFoundByUuidNameAndAddress() {
    for (String node : List.of(B.toString(), "b.example", "B.EXAMPLE")) {
      assertEquals(
          List.of("push db to B", "hand off db to B"),
          new Scene().wish(node, DB).owns("db").changes());
    }
    assertEquals(List.of("start db"), new Scene().wish("a.example", DB).owns("db").changes());
  }

  @Test
  void aNodeThatSeveralAreKnownByIsNone() {
    NodeId twin = NodeId.parse("dddddddd-0000-4000-8000-000000000004");
    KnownPeer peer =
        new KnownPeer(twin, Scene.addresses(A), List.of(), true, Optional.of(List.of()));
    Scene scene = new Scene().knows(peer).wish("a.example", DB).runs(DB).owns("db");

    assertEquals(List.of(), scene.changes());
    assertEquals(List.of(Obstacle.Kind.NODE_AMBIGUOUS), scene.obstacles());
  }

  @Test
  void whatIsNotMountedOrConfirmedYetIsWaitedFor() {
    for (MountStatus.State state :
        List.of(MountStatus.State.MOUNTING, MountStatus.State.UNCONFIRMED)) {
      Scene scene =
          new Scene().wish(A, DB).has(local("db", Role.OWNER, A, OptionalLong.empty(), state));
      String cause = state == MountStatus.State.UNCONFIRMED ? "unconfirmed" : "unmounted";

      assertEquals(List.of("await db " + cause, "start db"), scene.changes());
    }
  }

  private static RemoteVolume remote(String volume, Role role, NodeId owner) {
    VolumeId id = id(volume);
    return new RemoteVolume(
        id, VolumeName.parse("default." + volume), role, owner, OptionalLong.empty());
  }
}
