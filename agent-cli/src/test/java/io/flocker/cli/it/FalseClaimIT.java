package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.protocol.PruneRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What becomes of a volume of which a third node says what is not true, with a valid certificate:
 * nothing. The operator reads what each node believes.
 */
@Timeout(300)
class FalseClaimIT {
  private static final byte[] GARBAGE = "garbage".repeat(10_000).getBytes(UTF_8);
  private static final SnapshotReference FORGED = new SnapshotReference("forged", new Guid(4711));

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  @DisplayName("A node that nobody counts among its peers is told so, and nothing else")
  void aStrangerIsAnsweredNothing() throws Exception {
    VolumeDocument volume = pushed("claims.stranger");
    CertifiedCaller stranger = NODES.strangeNode();
    State before = State.of(NODES.second(), volume);

    List<Reply> replies =
        List.of(
            stranger.get(NODES.second(), path(volume, "")),
            stranger.post(NODES.second(), "/node/v1/transfers", claim(stranger, volume, 1)),
            stranger.post(NODES.second(), path(volume, "/prepare"), prepare(stranger, volume, 1)),
            stranger.post(NODES.second(), path(volume, "/acquire"), grant(stranger, volume, 1)),
            stranger.post(
                NODES.second(),
                path(volume, "/prune"),
                new PruneRequest(stranger.node(), 0, List.of())));

    for (Reply reply : replies) {
      FailureException why = reply.fail(RequestFailure.NOT_A_PEER);
      assertEquals(
          "node %s is not among the peers of node-%s."
              .formatted(stranger.node(), NODES.second().id()),
          why.detail());
    }
    try (ForgedBody body = stranger.upload(NODES.second(), UUID.randomUUID())) {
      body.answer().fail(RequestFailure.NOT_A_PEER);
    }
    assertEquals(before, State.of(NODES.second(), volume));
  }

  @Test
  @DisplayName("A peer that is taken out is at nothing any more, and its places are free")
  void aPeerThatIsTakenOutIsCutOff() throws Exception {
    VolumeDocument volume = pushed("claims.removed");
    CertifiedCaller liar = NODES.peerNode();
    TransferPlan plan = first(liar, "claims.never");
    liar.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    try (ForgedBody body = liar.upload(NODES.second(), plan.id())) {
      body.chunk(new byte[16]);

      NODES.second().client().removePeer(liar.node());

      body.answer().fail(RequestFailure.NOT_A_PEER);
    }
    var _ = NODES.first().push(volume.id(), NODES.second());
  }

  @Test
  @DisplayName("Who announces another's volume where no copy is yet has not got it by that")
  void nobodySeizesAVolumeByAnnouncingIt() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "claims.unsent");
    CertifiedCaller liar = NODES.peerNode();
    TransferPlan plan = first(liar, volume.id(), volume.name(), FORGED);
    liar.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    try (ForgedBody body = liar.upload(NODES.second(), plan.id())) {
      body.chunk(GARBAGE).end(body.proof()).fail(TransferFailure.NOT_A_STREAM);
    }

    assertGoesOn(volume);
  }

  @Test
  @DisplayName("Who brings another's volume where no copy is yet has a copy, and takes nothing")
  void whoBringsAVolumeFirstTakesItFromNobody() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "claims.brought");
    var _ = NODES.first().client().takeSnapshot(volume.id(), Optional.of("stolen"));
    String stolen = volume.dataset() + "@stolen";
    CertifiedCaller liar = NODES.peerNode();
    SnapshotReference brings = new SnapshotReference("stolen", Zfs.guid(stolen));
    TransferPlan plan = first(liar, volume.id(), volume.name(), brings);
    liar.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    try (ForgedBody body = liar.upload(NODES.second(), plan.id())) {
      body.chunk(Zfs.send(stolen)).end(body.proof()).succeed();
    }

    FailureException refused =
        NODES
            .first()
            .fail(
                OwnershipFailure.CONTESTED,
                NODES.first().client().push(volume.id(), NODES.second().id()));

    assertEquals(
        "node %s has it on record that node %s owns volume %s, at epoch 0; node %s says that it"
                .formatted(NODES.second().id(), liar.node(), volume.id(), NODES.first().id())
            + " does, at epoch 0, and brings no proof. Nothing was changed",
        refused.detail());
    Moves.requireOwner(NODES.first(), volume, 0);
    NODES.second().client().removePeer(liar.node());
    NODES.second().client().destroyReplica(volume.id());
    assertGoesOn(volume);
  }

  @Test
  @DisplayName("A higher epoch that the owner has not signed is refused before a byte flows")
  void whoIsGivenNothingOwnsNothing() throws Exception {
    VolumeDocument volume = pushed("claims.seized");
    CertifiedCaller liar = NODES.peerNode();
    State before = State.of(NODES.second(), volume);

    List<Reply> replies =
        List.of(
            liar.post(NODES.second(), path(volume, "/prepare"), prepare(liar, volume, 1)),
            liar.post(NODES.second(), "/node/v1/transfers", claim(liar, volume, 1)));

    for (Reply reply : replies) {
      FailureException why = reply.fail(OwnershipFailure.NOT_GRANTED);
      assertEquals(
          "node %s has it on record that node %s owns volume %s, at epoch 0; node %s says that it"
                  .formatted(NODES.second().id(), NODES.first().id(), volume.id(), liar.node())
              + " does, at epoch 1, and has not shown that it was given to it (epoch 1: no grant by"
              + " node %s is shown). Nothing was changed".formatted(NODES.first().id()),
          why.detail());
    }
    assertEquals(before, State.of(NODES.second(), volume));
    FailureException refused =
        liar.post(NODES.second(), path(volume, "/acquire"), grant(liar, volume, 1))
            .fail(OwnershipFailure.NOT_RELEASED);
    assertTrue(
        refused
            .detail()
            .contains(
                "is owned by node %s at epoch 0 here: a grant of epoch 1 by node %s does not follow"
                    .formatted(NODES.first().id(), liar.node())),
        refused::detail);
    assertEquals(before, State.of(NODES.second(), volume));
    assertGoesOn(volume);
  }

  @Test
  @DisplayName("A claim of a higher epoch whose stream fails leaves neither owner nor setting")
  void aStreamThatFailsMakesNobodyTheOwner() throws Exception {
    VolumeDocument volume = pushed("claims.garbage");
    CertifiedCaller heir = NODES.peerNode();
    State before = State.of(NODES.second(), volume);
    TransferPlan plan = granted(claim(heir, volume, 1));
    heir.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    try (ForgedBody body = heir.upload(NODES.second(), plan.id())) {
      body.chunk(GARBAGE).end(body.proof()).fail(TransferFailure.NOT_A_STREAM);
    }

    assertEquals(before, State.of(NODES.second(), volume));
    assertGoesOn(volume);
  }

  @Test
  @DisplayName("What was whole of a stream that fails goes again, if somebody else's claim was it")
  void aStreamThatFailsLeavesNoSnapshot() throws Exception {
    VolumeDocument volume = pushed("claims.half");
    CertifiedCaller liar = NODES.peerNode();
    State before = State.of(NODES.second(), volume);
    // Real, so that only its end can be wrong: the first of two snapshots comes whole.
    var _ = NODES.first().client().takeSnapshot(volume.id(), Optional.of("one"));
    Content.write(TestNode.folder(volume).resolve("more"), 400_000, 7);
    var _ = NODES.first().client().takeSnapshot(volume.id(), Optional.of("two"));
    String dataset = NODES.first().volume(volume.id()).dataset();
    SnapshotDocument base = TestNode.latest(volume);
    List<SnapshotReference> brings =
        List.of(
            new SnapshotReference("one", Zfs.guid(dataset + "@one")),
            new SnapshotReference("two", Zfs.guid(dataset + "@two")));
    TransferPlan plan = granted(plan(liar, volume, 1, base.guid(), brings));
    byte[] stream = Zfs.send("-I", "@" + base.name(), dataset + "@two");
    liar.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    try (ForgedBody body = liar.upload(NODES.second(), plan.id())) {
      body.chunk(Arrays.copyOf(stream, stream.length - 100))
          .end(body.proof())
          .fail(TransferFailure.STREAM_TRUNCATED);
    }

    assertEquals(before, State.of(NODES.second(), volume));
    assertGoesOn(volume);
  }

  @Test
  @DisplayName("A claim at the owner's own epoch is no contest: the volume goes on working")
  void anOwnerStaysWhatItIs() throws Exception {
    VolumeDocument volume = pushed("claims.contested");
    CertifiedCaller liar = NODES.peerNode();
    State before = State.of(NODES.first(), volume);

    List<Reply> replies =
        List.of(
            liar.post(NODES.first(), path(volume, "/prepare"), prepare(liar, volume, 0)),
            liar.post(NODES.first(), "/node/v1/transfers", claim(liar, volume, 0)));

    for (Reply reply : replies) {
      FailureException why = reply.fail(OwnershipFailure.CONTESTED);
      assertEquals(
          "node %s has it on record that node %s owns volume %s, at epoch 0; node %s says that it"
                  .formatted(NODES.first().id(), NODES.first().id(), volume.id(), liar.node())
              + " does, at epoch 0, and brings no proof. Nothing was changed",
          why.detail());
    }
    assertEquals(before, State.of(NODES.first(), volume));
    var _ = NODES.first().client().takeSnapshot(volume.id(), Optional.of("still-mine"));
    assertGoesOn(volume);
    NODES.first().handOff(volume.id(), NODES.second());
    Moves.requireOwner(NODES.second(), volume, 1);
  }

  @Test
  @DisplayName("Who says that he created a volume whose id its node made up puts no owner out")
  void nobodyElseHasCreatedWhatANodeMadeUp() throws Exception {
    VolumeDocument volume = pushed("claims.created");
    CertifiedCaller liar = NODES.peerNode();
    State before = State.of(NODES.first(), volume);

    liar.post(NODES.first(), path(volume, "/confirm"), creation(liar, volume, 0)).succeed();

    assertEquals(before, State.of(NODES.first(), volume));
    NODES.first().handOff(volume.id(), NODES.second());
    liar.post(NODES.second(), path(volume, "/confirm"), creation(liar, volume, 3)).succeed();
    Moves.requireOwner(NODES.second(), volume, 1);
    NODES.second().crashAndStart();
    liar.post(NODES.second(), path(volume, "/confirm"), creation(liar, volume, 1)).succeed();
    Moves.requireOwner(NODES.second(), volume, 1);
    NODES.second().handOff(volume.id(), NODES.first());
    liar.post(NODES.first(), path(volume, "/confirm"), creation(liar, volume, 2)).succeed();
    Moves.requireOwner(NODES.first(), volume, 2);
  }

  /** With all that he can sign: that he created it, and has given it to himself up to an epoch. */
  private static ConfirmRequest creation(CertifiedCaller by, VolumeDocument volume, long last) {
    List<SignedGrant> signed = new ArrayList<>();
    for (long epoch = 0; epoch <= last; epoch++) {
      signed.add(
          by.sign(
              new Grant(
                  volume.id(),
                  epoch,
                  by.node(),
                  by.node(),
                  UUID.randomUUID(),
                  epoch == 0 ? Grant.FRESH_ID : new Guid(7),
                  Instant.now())));
    }
    return ConfirmRequest.showing(
        Tenure.of(signed.getLast().grant()), GrantDocument.of(new GrantChain(signed)));
  }

  @Test
  @DisplayName("An epoch that no volume gets to is not believed")
  void anEpochHasBounds() throws Exception {
    VolumeDocument volume = pushed("claims.beyond");
    CertifiedCaller liar = NODES.peerNode();
    State before = State.of(NODES.second(), volume);

    Map<String, Object> endless = Json.convert(Json.tree(claim(liar, volume, 1)), Members.class);
    endless.put("epoch", Long.MAX_VALUE);
    liar.post(NODES.second(), "/node/v1/transfers", endless).fail(RequestFailure.SCHEMA_VIOLATION);
    FailureException why =
        liar.post(NODES.second(), "/node/v1/transfers", claim(liar, volume, 1_001))
            .fail(OwnershipFailure.EPOCH_BEYOND_REACH);

    assertEquals(
        "volume %s is at epoch 0 here, and no claim of epoch 1001 is believed: it may be 1000 ahead,"
                .formatted(volume.id())
            + " and 9007199254740992 at most",
        why.detail());
    assertEquals(before, State.of(NODES.second(), volume));
    assertGoesOn(volume);
  }

  @Test
  @DisplayName("A record beyond all epochs, as an older flockerd wrote it, is mended by the owner")
  void aRecordBeyondAllEpochsIsMended() throws Exception {
    VolumeDocument volume = pushed("claims.unreadable");
    OwnershipRecord true0 = Moves.record(NODES.second(), volume.id());
    Zfs.run(
        "set",
        OwnershipRecord.PROPERTY
            + "="
            + new OwnershipRecord(
                true0.lineage(),
                Long.MAX_VALUE,
                NodeId.random(),
                true0.state(),
                true0.operation(),
                true0.finalSnapshot(),
                true0.dataset()),
        NODES.second().volume(volume.id()).dataset());
    NODES.second().crashAndStart();

    assertEquals(0, NODES.second().volume(volume.id()).epoch());
    assertGoesOn(volume);
  }

  @Test
  @DisplayName(
      "One peer keeps neither another's places nor its volume by saying much and sending nothing")
  void onePeerStarvesNoOther() throws Exception {
    VolumeDocument volume = pushed("claims.starved");
    CertifiedCaller greedy = NODES.peerNode();
    CertifiedCaller squatter = NODES.peerNode();
    squatter
        .post(NODES.second(), "/node/v1/transfers", claim(squatter, volume, 1))
        .fail(OwnershipFailure.NOT_GRANTED);
    List<TransferPlan> silent =
        List.of(first(greedy, "claims.silent-a"), first(greedy, "claims.silent-b"));
    for (TransferPlan plan : silent) {
      greedy.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    }
    try (ForgedBody a = greedy.upload(NODES.second(), silent.getFirst().id());
        ForgedBody b = greedy.upload(NODES.second(), silent.getLast().id())) {
      a.chunk(new byte[16]);
      b.chunk(new byte[16]);

      FailureException refused =
          greedy
              .post(NODES.second(), "/node/v1/transfers", first(greedy, "claims.silent-c"))
              .fail(RequestFailure.TOO_MANY_REQUESTS);
      assertEquals(
          "this node takes 2 streams at once of one peer, and 2 of node %s are under way"
              .formatted(greedy.node()),
          refused.detail());
      assertGoesOn(volume);

      for (ForgedBody body : List.of(a, b)) {
        FailureException ended = body.answer().fail(TransferFailure.PEER_SILENT);
        assertEquals(
            "the sender has sent nothing for 30 s, and has not said that its child is at work",
            ended.detail());
      }
    }
  }

  /** What is to be as it was: the record, the settings and the snapshots of a dataset. */
  private record State(List<String> settings, List<String> snapshots) {
    static State of(TestNode node, VolumeDocument volume) throws Exception {
      String dataset = node.volume(volume.id()).dataset();
      return new State(
          Zfs.run("get", "-H", "-s", "local", "-o", "property,value", "all", dataset)
              .lines()
              .sorted()
              .toList(),
          Zfs.snapshots(dataset));
    }
  }

  /** A JSON object to be changed at will. */
  private static final class Members extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;
  }

  /** A volume of the first node, with a copy at the second. */
  private static VolumeDocument pushed(String name) throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), name);
    var _ = NODES.first().push(volume.id(), NODES.second());
    return NODES.first().volume(volume.id());
  }

  private static void assertGoesOn(VolumeDocument volume) throws Exception {
    var _ = NODES.first().push(volume.id(), NODES.second());
    Moves.requireOwner(NODES.first(), volume, 0);
    Moves.requireReplica(NODES.second(), volume, NODES.first(), 0);
  }

  private static String path(VolumeDocument volume, String verb) {
    return "/node/v1/volumes/" + volume.id() + verb;
  }

  private static PrepareRequest prepare(CertifiedCaller owner, VolumeDocument volume, long epoch) {
    return new PrepareRequest(
        volume.name(), owner.node(), epoch, UUID.randomUUID(), 1, Optional.empty());
  }

  private static AcquireRequest grant(CertifiedCaller from, VolumeDocument volume, long epoch) {
    return UnsignedGrant.of(
        volume.name(), from.node(), NODES.second().id(), epoch, TestNode.latest(volume).guid());
  }

  /** With the first node's signature that it gives the volume to who claims it. */
  private static TransferPlan granted(TransferPlan plan) {
    Grant grant =
        new Grant(
            plan.lineage(),
            plan.epoch(),
            NODES.first().id(),
            plan.owner(),
            plan.operation(),
            plan.last().guid(),
            Instant.now());
    SignedGrant signed = SignedGrant.by(NODES.first().credentials(), grant);
    return new TransferPlan(
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
        Optional.of(GrantDocument.of(new GrantChain(List.of(signed)))),
        plan.must());
  }

  /** An increment on what the copy has, with settings that it has not. */
  private static TransferPlan claim(CertifiedCaller owner, VolumeDocument volume, long epoch) {
    return plan(owner, volume, epoch, TestNode.latest(volume).guid(), List.of(FORGED));
  }

  /** The first copy of a volume that nobody has. */
  private static TransferPlan first(CertifiedCaller owner, String name) {
    return first(owner, VolumeId.random(), VolumeName.parse(name), FORGED);
  }

  /** The first copy of a volume, by whomever it is sent. */
  private static TransferPlan first(
      CertifiedCaller owner, VolumeId id, VolumeName name, SnapshotReference brings) {
    return new TransferPlan(
        UUID.randomUUID(),
        id,
        name,
        owner.node(),
        0,
        UUID.randomUUID(),
        StreamKind.FULL,
        Optional.empty(),
        List.of(brings),
        SendFlags.NONE,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Map.of(),
        Optional.empty(),
        List.of());
  }

  private static TransferPlan plan(
      CertifiedCaller owner,
      VolumeDocument volume,
      long epoch,
      Guid base,
      List<SnapshotReference> brings) {
    VolumeId id = volume.id();
    return new TransferPlan(
        UUID.randomUUID(),
        id,
        volume.name(),
        owner.node(),
        epoch,
        UUID.randomUUID(),
        StreamKind.INCREMENTAL,
        Optional.of(base),
        brings,
        SendFlags.NONE,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Map.of("compression", "on", "recordsize", "8192", "refquota", "1048576"),
        Optional.empty(),
        List.of());
  }
}
