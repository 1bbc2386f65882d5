package io.flocker.transfer.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReceiverFloor.Terms;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.FakeConfirmations;
import io.flocker.core.volume.FakeFolders;
import io.flocker.core.volume.FakeJournal;
import io.flocker.core.volume.FakeRegister;
import io.flocker.core.volume.FakeReleases;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.NodeJournals;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferJudgeTest {
  private static final VolumeName NAME = VolumeName.parse("default.mongodb");
  private static final SnapshotReference NEW =
      new SnapshotReference("flk.20260102T030405Z.push.89abcdef", new Guid(99));

  private final NodeId owner = NodeId.random();
  private final VolumeId lineage = VolumeId.random();
  private final FakeStorage storage = new FakeStorage();
  private final String copy = new DatasetName(owner, NAME).in(FakeStorage.POOL);
  private final NodeId self = NodeId.random();
  private final GrantKeeper grants = FakeGrants.keeper(self);
  private final TransferJudge judge;

  TransferJudgeTest(@TempDir Path folder) throws IOException {
    judge = judge(folder, ReceiverFloor.none(self));
  }

  @Test
  void firstCopyLandsUnderItsOwnersName() throws FailureException {
    ReceiveTarget target = judge.judge(owner, full());

    assertEquals(ReceiveTarget.first(copy), target);
  }

  @Test
  void nobodySpeaksForAnotherOwner() {
    assertRefused(OwnershipFailure.FOREIGN_CLAIM, NodeId.random(), full());
  }

  @Test
  void fullStreamNeverFallsOnACopy() throws FailureException {
    storage.add(copy);
    storage.snapshot(copy, "a");

    assertRefused(TransferFailure.DESTINATION_EXISTS, owner, full());
  }

  @Test
  void incrementLandsOnTheSnapshotThatItBuildsOn() throws FailureException {
    storage.add(copy);
    Snapshot base = storage.snapshot(copy, "a");

    assertEquals(
        ReceiveTarget.upon(storage.dataset(copy).orElseThrow()),
        judge.judge(owner, increment(base.guid())));
  }

  @Test
  void snapshotWhoseNameAnotherOneBearsByNowMakesWay() throws FailureException {
    storage.add(copy);
    storage.snapshot(copy, "a");
    Snapshot base = storage.snapshot(copy, NEW.name());

    ReceiveTarget target = judge.judge(owner, increment(base.guid()));

    String replaced = NEW.name() + ".replaced-" + base.guid();
    assertEquals(Map.of(NEW.name(), replaced), target.renamed());
    assertEquals(replaced, target.latest().orElseThrow().name());
  }

  @Test
  void incrementWithoutItsBaseIsRefused() throws FailureException {
    storage.add(copy);
    storage.snapshot(copy, "a");

    assertRefused(TransferFailure.BASE_MISSING, owner, increment(new Guid(4711)));
  }

  @Test
  @DisplayName("I29 encrypted blocks are refused where the key of the copy is that of its pool")
  void rawStreamSpoilsNoCopyWhoseKeyWasChanged() throws FailureException {
    storage.add(copy);
    storage.encrypt(copy);
    Snapshot base = storage.snapshot(copy, "a");
    TransferPlan raw = raw(base);
    assertEquals(Optional.empty(), refusal(raw));
    storage.inheritKey(copy);

    assertTrue(refusal(raw).orElseThrow().contains("the key of " + copy + " was changed"));
    assertEquals(Optional.empty(), refusal(increment(base.guid())));
  }

  @Test
  @DisplayName("I29 what was created here in an encrypted pool comes back raw")
  void rawStreamReturnsToWhereTheVolumeWasCreated() throws FailureException {
    storage.add(copy);
    storage.encrypt(copy);
    storage.inheritKey(copy);
    Snapshot base = storage.snapshot(copy, "a");
    grants.signCreation(lineage, self, UUID.randomUUID(), true);

    assertEquals(Optional.empty(), refusal(raw(base)));
  }

  @Test
  @DisplayName("I29 what a cut plain stream has left keeps no raw one out")
  void rawStreamBeginsAnewWhereAPlainOneWasCut() throws FailureException {
    storage.add(copy);
    storage.encrypt(copy);
    storage.inheritKey(copy);
    cut(new Guid(4711));
    TransferPlan raw = raw(Optional.empty());

    assertEquals(ReceiveTarget.first(copy).afterCut(), judge.judge(owner, raw));
    assertEquals(Optional.empty(), refusal(raw));
  }

  private Optional<String> refusal(TransferPlan plan) throws FailureException {
    return judge.judge(owner, plan).expecting(plan).rawRefusal();
  }

  private TransferPlan raw(Snapshot base) {
    return raw(Optional.of(base.guid()));
  }

  /** To a pool that knows of such. */
  private TransferPlan raw(Optional<Guid> from) {
    storage.setCapabilities(
        new Capabilities("fake", Set.of(), Set.of(), Set.of("encryption"), true, true, false));
    SendFlags raw = new SendFlags(false, false, false, true);
    StreamKind kind = from.isPresent() ? StreamKind.INCREMENTAL : StreamKind.FULL;
    return plan(kind, from, raw, OptionalLong.empty());
  }

  @Test
  void copyThatHasMovedOnIsToldAsDiverged() throws FailureException {
    storage.add(copy);
    Snapshot base = storage.snapshot(copy, "a");
    storage.snapshot(copy, "b");

    assertRefused(TransferFailure.DIVERGED, owner, increment(base.guid()));
  }

  @Test
  void streamThatCannotFitIsRefusedBeforeAByteFlows() throws FailureException {
    long more = storage.pool().freeBytes() + 1;

    assertRefused(
        StorageFailure.NO_SPACE,
        owner,
        plan(StreamKind.FULL, Optional.empty(), SendFlags.NONE, OptionalLong.of(more)));
  }

  @Test
  void flagsThatThePoolCannotStoreAreRefused() {
    SendFlags raw = new SendFlags(false, false, false, true);

    assertRefused(
        StorageFailure.POOL_FEATURE_MISSING,
        owner,
        plan(StreamKind.FULL, Optional.empty(), raw, OptionalLong.empty()));
  }

  @Test
  void nothingIsResumedWhereNothingWasCut() {
    assertRefused(
        StorageFailure.RESUME_IMPOSSIBLE,
        owner,
        plan(StreamKind.RESUME, Optional.empty(), SendFlags.NONE, OptionalLong.empty()));
  }

  @Test
  void whoMayBringNoNewVolumesMayFollowThoseThatAreHere(@TempDir Path folder) throws Exception {
    TransferJudge strict =
        judge(folder, floor(new Terms(RetentionRules.USUAL, false, OptionalLong.empty(), false)));

    FailureException refusal =
        assertThrows(FailureException.class, () -> strict.judge(owner, full()));
    storage.add(copy);
    Snapshot base = storage.snapshot(copy, "a");

    assertEquals(TransferFailure.NEW_VOLUME_REFUSED, refusal.failure());
    assertEquals(self, refusal.members().get("node"));
    assertEquals(
        ReceiveTarget.upon(storage.dataset(copy).orElseThrow()),
        strict.judge(owner, increment(base.guid())));
  }

  @Test
  void thePeersCopiesStayWithinItsShare(@TempDir Path folder) throws Exception {
    storage.add(copy);
    Snapshot base = storage.snapshot(copy, "a");
    long used = storage.dataset(copy).orElseThrow().usedBytes();
    TransferJudge strict =
        judge(
            folder,
            floor(new Terms(RetentionRules.USUAL, true, OptionalLong.of(used + 10), false)));

    var _ = strict.judge(owner, increment(base.guid(), 10));
    FailureException refusal =
        assertThrows(FailureException.class, () -> strict.judge(owner, increment(base.guid(), 11)));

    assertEquals(TransferFailure.SHARE_EXCEEDED, refusal.failure());
    assertEquals(self, refusal.members().get("node"));
  }

  @Test
  void demandsThatThisVersionDoesNotKnowAreRefused() {
    TransferPlan plan = full();

    assertRefused(
        RequestFailure.UNSUPPORTED_REQUIREMENT,
        owner,
        new TransferPlan(
            plan.id(),
            plan.lineage(),
            plan.name(),
            plan.owner(),
            plan.epoch(),
            plan.operation(),
            plan.kind(),
            plan.from(),
            plan.snapshots(),
            plan.flags(),
            plan.estimateBytes(),
            plan.bytesBefore(),
            plan.properties(),
            plan.grants(),
            List.of("levitation")));
  }

  @ParameterizedTest
  @CsvSource({
    "large_blocks, true, false, false",
    "embedded_data, false, true, false",
    "encryption, false, false, true"
  })
  void eachFlagNeedsItsFeatureOfThePool(
      String feature, boolean isLargeBlocks, boolean isEmbedded, boolean isRaw)
      throws FailureException {
    TransferPlan plan =
        plan(
            StreamKind.FULL,
            Optional.empty(),
            new SendFlags(isLargeBlocks, isEmbedded, true, isRaw),
            OptionalLong.empty());

    FailureException refusal = assertThrows(FailureException.class, () -> judge.judge(owner, plan));
    assertEquals("the receiver's pool lacks " + feature, refusal.detail());

    storage.setCapabilities(
        new Capabilities("fake", Set.of(), Set.of(), Set.of(feature), true, true, false));
    assertEquals(ReceiveTarget.first(copy), judge.judge(owner, plan));
  }

  @Test
  void whatWasCutIsGoneOnWithWhereItEndsAsAnnounced() throws FailureException {
    storage.add(copy);
    cut(NEW.guid());
    assertEquals(ReceiveTarget.first(copy), judge.judge(owner, resume()));

    storage.snapshot(copy, "a");
    assertEquals(
        ReceiveTarget.upon(storage.dataset(copy).orElseThrow()), judge.judge(owner, resume()));
  }

  @Test
  void theRestOfAnotherStreamIsRefused() throws FailureException {
    storage.add(copy);
    cut(new Guid(4711));

    assertRefused(StorageFailure.RESUME_IMPOSSIBLE, owner, resume());
  }

  @Test
  void whatWasCutGoesWhereTheStreamDoesNotGoOnWithIt() throws FailureException {
    storage.add(copy);
    cut(new Guid(4711));
    assertEquals(ReceiveTarget.first(copy).afterCut(), judge.judge(owner, full()));

    Snapshot base = storage.snapshot(copy, "a");
    assertEquals(
        ReceiveTarget.upon(storage.dataset(copy).orElseThrow()).afterCut(),
        judge.judge(owner, increment(base.guid())));
    assertRefused(TransferFailure.DESTINATION_EXISTS, owner, full());
  }

  private void cut(Guid to) throws FailureException {
    storage.cut(
        copy,
        new ResumeState(
            "token of " + to, "tank/there@s", to, Optional.empty(), 7, false, false, false, false));
  }

  private TransferPlan resume() {
    return plan(StreamKind.RESUME, Optional.empty(), SendFlags.NONE, OptionalLong.empty());
  }

  @Test
  void ofAPeersShareItsCopiesTakeTheirPartAndNothingElseDoes(@TempDir Path folder)
      throws Exception {
    add("default.copy", owner, Optional.of(OwnershipState.OWNED), 100);
    add("default.db.superseded-20260102T030405Z", owner, Optional.empty(), 7);
    add("default.given", owner, Optional.of(OwnershipState.RELEASED), 10_000);
    add("default.others", NodeId.random(), Optional.of(OwnershipState.OWNED), 1_000);
    TransferJudge strict =
        judge(folder, floor(new Terms(RetentionRules.USUAL, true, OptionalLong.of(107), false)));

    FailureException refusal =
        assertThrows(FailureException.class, () -> strict.judge(owner, full()));

    assertEquals(TransferFailure.SHARE_EXCEEDED, refusal.failure());
    assertTrue(refusal.detail().contains(" take 107 bytes "), refusal::detail);
  }

  private void add(String name, NodeId node, Optional<OwnershipState> state, long bytes)
      throws FailureException {
    String dataset = new DatasetName(node, VolumeName.parse(name)).in(FakeStorage.POOL);
    storage.add(dataset);
    storage.setReferenced(dataset, bytes);
    if (state.isPresent()) {
      storage.setRecord(
          dataset,
          new OwnershipRecord(
              VolumeId.random(),
              0,
              node,
              state.get(),
              UUID.randomUUID(),
              new Guid(0),
              storage.dataset(dataset).orElseThrow().guid()));
    }
  }

  private ReceiverFloor floor(Terms terms) {
    return new ReceiverFloor(self, Terms.NONE, Map.of(owner, terms));
  }

  private TransferPlan increment(Guid from, long estimate) {
    return plan(
        StreamKind.INCREMENTAL, Optional.of(from), SendFlags.NONE, OptionalLong.of(estimate));
  }

  private void assertRefused(Failure expected, NodeId caller, TransferPlan plan) {
    FailureException refusal =
        assertThrows(FailureException.class, () -> judge.judge(caller, plan));
    assertEquals(expected, refusal.failure(), refusal.detail());
  }

  private TransferPlan full() {
    return plan(StreamKind.FULL, Optional.empty(), SendFlags.NONE, OptionalLong.empty());
  }

  private TransferPlan increment(Guid from) {
    return plan(StreamKind.INCREMENTAL, Optional.of(from), SendFlags.NONE, OptionalLong.empty());
  }

  private TransferPlan plan(
      StreamKind kind, Optional<Guid> from, SendFlags flags, OptionalLong estimateBytes) {
    return new TransferPlan(
        UUID.randomUUID(),
        lineage,
        NAME,
        owner,
        0,
        UUID.randomUUID(),
        kind,
        from,
        List.of(NEW),
        flags,
        estimateBytes,
        OptionalLong.empty(),
        Map.of(),
        Optional.empty(),
        List.of());
  }

  private TransferJudge judge(Path folder, ReceiverFloor floor) throws IOException {
    NodeMemory memory =
        NodeMemory.open(
            folder,
            self,
            EventSink.NONE,
            new NodeJournals(
                new FakeRegister(),
                new FakeJournal(),
                new FakeReleases(),
                new FakeFolders(),
                new FakeConfirmations()),
            grants);
    NodeVolumes node =
        NodeVolumes.of(
            new LocalNode(self, folder, VolumeMode.ROOT_WRITES),
            storage,
            memory,
            new SignedEpochs(memory.epochs()),
            _ -> List.of(),
            Clearance.Maker.NONE,
            EventSink.NONE);
    return new TransferJudge(node, () -> floor);
  }
}
