package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.PushPlan;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Pushes of real volumes from one node to another. */
@Timeout(300)
class PushIT {
  private static final int MEBIBYTE = 1 << 20;

  /** Small enough to be filled by a test. */
  private static final long RECEIVER_BYTES = 96L * MEBIBYTE;

  @RegisterExtension
  static final TwoNodes NODES =
      new TwoNodes(
          NodeSetup.usual().withFaultyZfs(),
          NodeSetup.usual().withPool(RECEIVER_BYTES).withFaultyZfs());

  @AfterEach
  void heal() throws Exception {
    NODES.first().heal();
    NODES.second().heal();
  }

  @Test
  @DisplayName("10 32 a full push brings every byte, and an update follows, deletions included")
  void bringsEveryByteAndEveryDeletion() throws Exception {
    VolumeDocument volume = NODES.first().create("push.whole");
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("large"), 3 * MEBIBYTE, 1);
    Files.createDirectory(folder.resolve("some"));
    Files.writeString(folder.resolve("some/text"), "text");
    NODES.first().push(volume.id(), NODES.second());
    assertEquals(Content.of(folder), replicated(volume));
    assertEquals(guids(NODES.first(), volume), guids(NODES.second(), volume));

    Files.delete(folder.resolve("large"));
    Files.writeString(folder.resolve("some/text"), "other text");
    NODES.first().push(volume.id(), NODES.second());

    assertEquals(Set.of("some/text"), replicated(volume).files().keySet());
    assertEquals(Content.of(folder), replicated(volume));
  }

  @Test
  @DisplayName("46 C07 a replica is read-only, is never mounted, and no boot mounts it")
  void leavesTheReplicaUnmounted() throws Exception {
    VolumeDocument volume = pushed("push.replica");

    VolumeDocument copy = NODES.second().volume(volume.id());

    assertFalse(copy.mounted());
    assertEquals(NODES.first().id(), copy.owner());
    assertEquals("no", Zfs.property(copy.dataset(), "mounted"));
    assertEquals("noauto", Zfs.property(copy.dataset(), "canmount"));
    assertEquals("on", Zfs.property(copy.dataset(), "readonly"));
  }

  @Test
  @DisplayName(
      "11 45 a push to who has a snapshot in common is an increment, of fewer bytes than all")
  void movesLessInAnIncrement() throws Exception {
    VolumeDocument volume = NODES.first().create("push.less");
    Content.write(TestNode.folder(volume).resolve("large"), 3 * MEBIBYTE, 1);
    OperationView full = NODES.first().push(volume.id(), NODES.second());

    Files.writeString(TestNode.folder(volume).resolve("small"), "small");
    OperationView increment = NODES.first().push(volume.id(), NODES.second());

    assertTrue(full.bytes() > 3 * MEBIBYTE, full::toString);
    assertTrue(increment.bytes() < full.bytes() / 4, increment::toString);
    assertEquals(List.of("incremental"), streamKinds(increment));
  }

  @Test
  void bringsSeveralSnapshotsAndLeavesNoHoldBehind() throws Exception {
    VolumeDocument volume = pushed("push.several");
    for (String file : List.of("a", "b", "c")) {
      Files.writeString(TestNode.folder(volume).resolve(file), file);
      NODES.first().client().takeSnapshot(volume.id());
    }

    OperationView push = pushWithoutSnapshot(volume.id());

    assertEquals(Set.of("incremental"), Set.copyOf(streamKinds(push)));
    assertEquals(guids(NODES.first(), volume), guids(NODES.second(), volume));
    assertEquals(4, guids(NODES.second(), volume).size());
    assertEquals(Content.of(TestNode.folder(volume)), replicated(volume));
  }

  @Test
  @DisplayName("33 a push of what is there already sends nothing")
  void sendsNothingTwice() throws Exception {
    VolumeDocument volume = pushed("push.twice");
    List<Guid> before = guids(NODES.second(), volume);

    OperationView push = pushWithoutSnapshot(volume.id());

    assertEquals(List.of(), streamKinds(push));
    assertEquals(0, push.bytes());
    assertEquals(before, guids(NODES.second(), volume));
  }

  @Test
  @DisplayName("P22 a dry run says what the push then does, and changes nothing")
  void plansWhatItDoes() throws Exception {
    VolumeDocument volume = pushed("push.plan");
    for (String file : List.of("a", "b")) {
      Files.writeString(TestNode.folder(volume).resolve(file), file);
      NODES.first().client().takeSnapshot(volume.id());
    }
    List<Guid> here = guids(NODES.first(), volume);
    List<Guid> there = guids(NODES.second(), volume);

    Path calls = recordCalls(NODES.first());
    Path theirCalls = recordCalls(NODES.second());

    JsonNode plan = postPush(volume.id(), "?dry-run=true").succeed();

    assertOnlyLooked(calls);
    assertOnlyLooked(theirCalls);
    heal();
    assertEquals(here, guids(NODES.first(), volume));
    assertEquals(there, guids(NODES.second(), volume));
    OperationView push = pushWithoutSnapshot(volume.id());
    JsonNode streams = result(push).path("streams");
    assertEquals(plan.path("steps").size(), streams.size(), push::toString);
    for (int i = 0; i < streams.size(); i++) {
      JsonNode step = plan.path("steps").path(i);
      assertEquals(step.path("kind"), streams.path(i).path("kind"));
      assertEquals(step.path("from"), streams.path(i).path("from"));
      assertEquals(step.path("to").path("guid"), streams.path(i).path("to"));
    }
    JsonNode next = postPush(volume.id(), "?dry-run=true").succeed();
    assertEquals("up-to-date", next.path("kind").stringValue(), next::toString);
  }

  @Test
  void plansTheSnapshotThatItWouldTake() throws Exception {
    VolumeDocument volume = NODES.first().create("push.foretold");
    PushPlan fresh = NODES.first().client().planPush(volume.id(), NODES.second().id());
    OperationView full = NODES.first().push(volume.id(), NODES.second());
    Files.writeString(TestNode.folder(volume).resolve("file"), "changed");

    PushPlan changed = NODES.first().client().planPush(volume.id(), NODES.second().id());

    for (PushPlan plan : List.of(fresh, changed)) {
      assertEquals("transfer", plan.kind());
      assertTrue(plan.takesSnapshot());
    }
    assertEquals(streamKinds(full), fresh.steps().stream().map(PushPlan.Step::kind).toList());
    assertEquals(
        streamKinds(NODES.first().push(volume.id(), NODES.second())),
        changed.steps().stream().map(PushPlan.Step::kind).toList());
  }

  @Test
  @DisplayName("P06 both sides went on: the push names both branches and changes neither")
  void refusesDivergedCopies() throws Exception {
    VolumeDocument volume = pushed("push.diverged");
    String copy = NODES.second().volume(volume.id()).dataset();
    Zfs.whileWritable(
        copy,
        folder -> {
          Files.writeString(folder.resolve("theirs"), "theirs");
          Zfs.run("snapshot", copy + "@theirs");
        });
    SnapshotDocument ours = NODES.first().client().takeSnapshot(volume.id());
    List<Guid> here = guids(NODES.first(), volume);
    List<Guid> there = guids(NODES.second(), volume);

    FailureException failure = failPush(TransferFailure.DIVERGED, volume.id());

    assertEquals(List.of(ours.guid().toString()), branch(failure, "senderBranch"));
    assertEquals(List.of(Zfs.guid(copy + "@theirs").toString()), branch(failure, "receiverBranch"));
    assertEquals(here, guids(NODES.first(), volume));
    assertEquals(there, guids(NODES.second(), volume));
    assertTrue(Zfs.content(NODES.second().pool(), copy + "@theirs").files().containsKey("theirs"));
  }

  @Test
  @DisplayName("34 I13 otherwise than in 2014 a copy that somebody wrote to is not rolled back")
  void dropsNothingOfAModifiedCopy() throws Exception {
    VolumeDocument volume = pushed("push.modified");
    String copy = NODES.second().volume(volume.id()).dataset();
    Zfs.whileWritable(copy, folder -> Files.writeString(folder.resolve("theirs"), "theirs"));
    Files.writeString(TestNode.folder(volume).resolve("ours"), "ours");
    NODES.first().client().takeSnapshot(volume.id());
    List<Guid> there = guids(NODES.second(), volume);

    failPush(TransferFailure.DESTINATION_MODIFIED, volume.id());

    assertEquals(there, guids(NODES.second(), volume));
    Zfs.whileWritable(
        copy, folder -> assertEquals("theirs", Files.readString(folder.resolve("theirs"))));
  }

  @Test
  @DisplayName("a second push to the same peer is told that the first is at work")
  void keepsTwoPushesToOnePeerApart() throws Exception {
    VolumeDocument volume = NODES.first().create("push.busy");
    Content.write(TestNode.folder(volume).resolve("file"), MEBIBYTE, 1);
    NODES.first().client().takeSnapshot(volume.id());
    Gate gate = Gate.at(NODES.first());
    NODES.first().faults("case \"$1 $2\" in 'send -n'*) ;; send*) " + gate.shell() + ";; esac");
    OperationView slow = startPush(volume.id());
    gate.awaitReached();

    failPush(OwnershipFailure.VOLUME_LOCKED, volume.id());

    gate.open();
    NODES.first().succeed(slow);
    assertEquals(guids(NODES.first(), volume), guids(NODES.second(), volume));
  }

  @Test
  @DisplayName("52 many pushes leave a bounded number of snapshots, and the base of the next one")
  void leavesFewSnapshots() throws Exception {
    VolumeDocument volume = pushed("push.many");
    for (int i = 0; i < 5; i++) {
      Files.writeString(TestNode.folder(volume).resolve("file"), "version " + i);
      NODES.first().push(volume.id(), NODES.second());
    }

    assertTrue(guids(NODES.first(), volume).size() <= 3, () -> "at the owner");
    assertTrue(guids(NODES.second(), volume).size() <= 3, () -> "at the replica");
    OperationView next = NODES.first().push(volume.id(), NODES.second());
    assertEquals(List.of("incremental"), streamKinds(next));
  }

  @Test
  @DisplayName("52 pushes that fail leave a bounded number of snapshots too")
  void leavesFewSnapshotsOfFailedPushes() throws Exception {
    VolumeDocument volume = pushed("push.failing");
    NODES.first().faults("case \"$1 $2\" in 'send -n'*) ;; send*) exit 1;; esac");
    for (int i = 0; i < 5; i++) {
      FailureException _ =
          NODES
              .first()
              .fail(
                  TransferFailure.SENDER_FAILED,
                  NODES.first().client().push(volume.id(), NODES.second().id()));
    }

    // The base, two kept ones, and the one that the last push took.
    assertTrue(guids(NODES.first(), volume).size() <= 4, guids(NODES.first(), volume)::toString);
  }

  @Test
  @DisplayName("50 I01 I21 a sender that dies midway leaves the old replica as it was")
  void leavesTheOldReplicaWhenTheSenderDies() throws Exception {
    VolumeDocument volume = pushed("push.dying");
    Content before = replicated(volume);
    List<Guid> there = guids(NODES.second(), volume);
    Content.write(TestNode.folder(volume).resolve("more"), 2 * MEBIBYTE, 2);
    NODES.first().client().takeSnapshot(volume.id());
    NODES
        .first()
        .faults(
            "case \"$1 $2\" in 'send -n'*) ;; send*)"
                + " zfs \"$@\" | head -c 1000000; echo 'the disk is on fire' >&2; exit 7;; esac");

    FailureException failure = failPush(TransferFailure.SENDER_FAILED, volume.id());

    assertEquals(7, end(failure, "sender").path("exit").intValue());
    assertTrue(stderr(failure, "sender").contains("the disk is on fire"), failure::toString);
    assertTrue(end(failure, "receiver").path("stderr").isString(), failure::toString);
    assertEquals(there, guids(NODES.second(), volume));
    assertEquals(before, replicated(volume));
    NODES.first().heal();
    pushWithoutSnapshot(volume.id());
    assertEquals(Content.of(TestNode.folder(volume)), replicated(volume));
  }

  @Test
  @DisplayName("I03 a receiver that dies ends the push with both sides' exit status and words")
  void tellsBothSidesWords() throws Exception {
    VolumeDocument volume = pushed("push.refused");
    List<Guid> there = guids(NODES.second(), volume);
    Content.write(TestNode.folder(volume).resolve("more"), 2 * MEBIBYTE, 2);
    NODES.first().client().takeSnapshot(volume.id());
    NODES.first().faults("case \"$1 $2\" in 'send -n'*) ;; send*) echo 'so far' >&2;; esac");
    NODES
        .second()
        .faults(
            "case $1 in receive|recv) head -c 1000 > /dev/null;"
                + " echo 'no more of this' >&2; exit 3;; esac");

    FailureException failure = failPush(TransferFailure.RECEIVER_FAILED, volume.id());

    assertTrue(stderr(failure, "receiver").contains("no more of this"), failure::toString);
    assertEquals(3, end(failure, "receiver").path("exit").intValue());
    assertTrue(stderr(failure, "sender").contains("so far"), failure::toString);
    assertTrue(end(failure, "sender").path("exit").isInt(), failure::toString);
    assertEquals(there, guids(NODES.second(), volume));
  }

  @Test
  @DisplayName("I14 I21 a full pool at the receiver is told of, and what was there stays")
  void survivesAFullPool() throws Exception {
    VolumeDocument volume = pushed("push.space");
    Content before = replicated(volume);
    List<Guid> there = guids(NODES.second(), volume);
    Content.write(TestNode.folder(volume).resolve("more"), (int) RECEIVER_BYTES, 2);
    NODES.first().client().takeSnapshot(volume.id());

    failPush(StorageFailure.NO_SPACE, volume.id());

    assertEquals(there, guids(NODES.second(), volume));
    assertEquals(before, replicated(volume));
    assertTrue(NODES.second().daemon().isAlive());
    Files.delete(TestNode.folder(volume).resolve("more"));
    NODES.first().client().destroyVolume(volume.id());
  }

  @Test
  @DisplayName("9 another node's volume is not pushed from here, and its owner is named")
  void refersToTheOwner() throws Exception {
    VolumeDocument volume = pushed("push.owner");

    FailureException failure =
        user()
            .post(
                NODES.second(),
                "/v1/volumes/" + volume.id() + "/push",
                Map.of("peer", NODES.first().id()))
            .fail(OwnershipFailure.NOT_OWNER);

    assertEquals(
        NODES.first().id().toString(), Json.tree(failure.members().get("owner")).stringValue());
    assertEquals(
        NODES.first().url().toString(), Json.tree(failure.members().get("ownerUrl")).stringValue());
  }

  @Test
  @DisplayName("8 otherwise than in 2014 a volume that is nowhere is not taken for one")
  void refusesWhatNobodyKnows() throws Exception {
    VolumeDocument volume = NODES.first().create("push.nowhere");

    postPush(VolumeId.random(), "").fail(OwnershipFailure.VOLUME_NOT_FOUND);
    user()
        .post(
            NODES.first(), "/v1/volumes/" + volume.id() + "/push", Map.of("peer", NodeId.random()))
        .fail(OwnershipFailure.PEER_UNKNOWN);
  }

  /** Has every zfs that the node starts written down. */
  private static Path recordCalls(TestNode node) throws IOException {
    Path calls = Files.createFile(node.file("calls-" + UUID.randomUUID()));
    node.faults("echo \"$1 $2\" >> " + calls);
    return calls;
  }

  private static void assertOnlyLooked(Path calls) throws IOException {
    assertEquals(
        List.of(),
        Files.readAllLines(calls).stream()
            .filter(call -> !call.matches("(get|list) .*|send -n.*"))
            .toList());
  }

  /** A small volume, pushed once. */
  private static VolumeDocument pushed(String name) throws Exception {
    VolumeDocument volume = NODES.first().create(name);
    Content.write(TestNode.folder(volume).resolve("file"), MEBIBYTE, 7);
    NODES.first().push(volume.id(), NODES.second());
    return volume;
  }

  private static OperationView pushWithoutSnapshot(VolumeId volume) throws Exception {
    return NODES.first().succeed(startPush(volume));
  }

  private static FailureException failPush(Failure expected, VolumeId volume) throws Exception {
    return NODES.first().fail(expected, startPush(volume));
  }

  /** Starts to push the snapshots that are there. */
  private static OperationView startPush(VolumeId volume) throws Exception {
    return Json.convert(postPush(volume, "").succeed(), OperationView.class);
  }

  private static Reply postPush(VolumeId volume, String query) throws Exception {
    return user()
        .post(
            NODES.first(),
            "/v1/volumes/" + volume + "/push" + query,
            Map.of("peer", NODES.second().id(), "snapshot", false));
  }

  private static CertifiedCaller user() {
    return new CertifiedCaller(NODES.user());
  }

  private static JsonNode result(OperationView push) {
    return Json.tree(push.result().orElseThrow());
  }

  private static List<String> streamKinds(OperationView push) {
    return result(push)
        .path("streams")
        .valueStream()
        .map(stream -> stream.path("kind").stringValue())
        .toList();
  }

  /** How a side's child ended, as the problem tells it. */
  private static JsonNode end(FailureException failure, String side) {
    return Json.tree(failure.members().get(side));
  }

  private static String stderr(FailureException failure, String side) {
    return end(failure, side).path("stderr").asString("");
  }

  private static List<String> branch(FailureException failure, String name) {
    return Json.tree(failure.members().get(name))
        .valueStream()
        .map(snapshot -> snapshot.path("guid").stringValue())
        .toList();
  }

  /** What the replica's newest snapshot holds. */
  private static Content replicated(VolumeDocument volume) throws Exception {
    VolumeDocument copy = NODES.second().volume(volume.id());
    return Zfs.content(NODES.second().pool(), copy.dataset() + "@" + TestNode.latest(copy).name());
  }

  private static List<Guid> guids(TestNode node, VolumeDocument volume) throws Exception {
    return node.client().snapshots(volume.id()).stream().map(SnapshotDocument::guid).toList();
  }
}
