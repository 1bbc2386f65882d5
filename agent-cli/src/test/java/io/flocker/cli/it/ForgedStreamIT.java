package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.TestPool;
import io.flocker.core.stream.Proof;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.json.Json;
import io.flocker.transfer.protocol.AcquireRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What a node takes from somebody who has a valid certificate and sends what it should not: real
 * streams of a real ZFS, forged.
 */
@Timeout(300)
class ForgedStreamIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final VolumeName NAME = VolumeName.parse("forged.volume");

  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual(), NodeSetup.usual().withFaultyZfs());

  private static String source = "";
  private static SnapshotReference a = new SnapshotReference("a", new Guid(0));
  private static SnapshotReference b = a;
  private static SnapshotReference c = a;

  private final VolumeId lineage = VolumeId.random();
  private CertifiedCaller stranger = new CertifiedCaller(NODES.user());
  private String copy = "";

  @BeforeAll
  static void makeSource() throws Exception {
    TestPool pool = NODES.pool(128L * MEBIBYTE);
    source = pool.dataset("source");
    Path folder = pool.mounts().resolve("source");
    Zfs.run("create", "-o", "readonly=off", "-o", "mountpoint=" + folder, source);
    a = snapshot(folder, "a", MEBIBYTE);
    b = snapshot(folder, "b", MEBIBYTE / 2);
    c = snapshot(folder, "c", MEBIBYTE / 2);
  }

  @BeforeEach
  void becomeSomebody() throws Exception {
    stranger = NODES.peerNode();
    copy = NODES.second().pool().dataset(new DatasetName(stranger.node(), NAME).toString());
  }

  @AfterEach
  void heal() throws IOException {
    NODES.second().heal();
  }

  @Test
  void takesWhatIsTrue() throws Exception {
    sendFull();
    TransferPlan plan = announced(increment());

    JsonNode result =
        stream(plan, "-I", "@a", source + "@c", UnaryOperator.identity(), honest()).succeed();

    assertEquals("received", result.path("state").stringValue());
    assertEquals(List.of("a", "b", "c"), Zfs.snapshots(copy));
    assertEquals(c.guid(), Zfs.guid(copy + "@c"));
  }

  @Test
  @DisplayName("Who signs nothing, as nodes of before grants do, is believed, and the log says so")
  void takesTheWordOfAnOwnerWhoSignsNothing() throws Exception {
    sendFull();
    AcquireRequest grant =
        UnsignedGrant.of(NAME, stranger.node(), NODES.second().id(), 1, a.guid());

    stranger.post(NODES.second(), "/node/v1/volumes/" + lineage + "/acquire", grant).succeed();

    assertEquals(Role.OWNER, NODES.second().volume(lineage).role());
    NODES
        .second()
        .awaitLogged("flocker:grant:unsigned", lineage.toString(), stranger.node().toString());
    NODES.second().client().destroyVolume(lineage);
  }

  @Test
  @DisplayName("I09 31 a body that is no ZFS stream is refused before zfs receive starts")
  void refusesGarbage() throws Exception {
    Path calls = recordCalls();
    TransferPlan plan = announced(full());
    byte[] garbage = new byte[64 << 10];
    new Random(1).nextBytes(garbage);

    upload(plan, garbage, honest()).fail(TransferFailure.NOT_A_STREAM);

    assertNothingReceived(calls);
  }

  /**
   * They would be set by zfs receive, whatever the plan says: mountpoint, sharenfs, reservation.
   */
  @Test
  void refusesAStreamThatBringsProperties() throws Exception {
    Path calls = recordCalls();
    TransferPlan plan = announced(full());

    upload(plan, Zfs.send("-p", source + "@a"), honest()).fail(TransferFailure.STREAM_REFUSED);

    assertNothingReceived(calls);
  }

  @Test
  @DisplayName("I10 a stream of another snapshot than the plan's is refused before it is received")
  void refusesAnotherGuid() throws Exception {
    Path calls = recordCalls();
    SnapshotReference other = new SnapshotReference("a", new Guid(a.guid().bits() + 1));
    TransferPlan plan = announced(plan(StreamKind.FULL, Optional.empty(), other));

    upload(plan, Zfs.send(source + "@a"), honest()).fail(TransferFailure.STREAM_REFUSED);

    assertNothingReceived(calls);
  }

  @Test
  @DisplayName("I05 a cut connection leaves no snapshot")
  void leavesNothingOfACutStream() throws Exception {
    TransferPlan plan = announced(full());
    byte[] stream = Zfs.send(source + "@a");
    try (ForgedBody body = stranger.upload(NODES.second(), plan.id())) {
      body.chunk(Arrays.copyOf(stream, stream.length / 2));
      body.cut();
    }

    Await.until("the transfer to fail", () -> state(plan).equals("failed"));

    assertNoCopy();
    assertEquals(
        TransferFailure.STREAM_TRUNCATED.type(),
        result(plan).path("problem").path("type").stringValue());
    sendFull();
  }

  /** Everything but the proof is there and true, so that only the missing END keeps it away. */
  static Stream<Named<UnaryOperator<Proof>>> lies() {
    return Stream.of(
        Named.of("a byte too many", p -> new Proof(0, p.bytes() + 1, p.crc32c())),
        Named.of("another checksum", p -> new Proof(0, p.bytes(), p.crc32c() ^ 1)),
        Named.of("a child that failed", p -> new Proof(1, p.bytes(), p.crc32c())));
  }

  @ParameterizedTest
  @MethodSource("lies")
  @DisplayName("I06 I08 a proof that does not agree leaves no snapshot")
  void leavesNothingThatIsNotProven(UnaryOperator<Proof> lie) throws Exception {
    TransferPlan plan = announced(full());

    upload(plan, Zfs.send(source + "@a"), lie).fail(TransferFailure.UNPROVEN);

    assertNoCopy();
    assertEquals("failed", state(plan));
    sendFull();
  }

  @Test
  @DisplayName("I07 a body without the trailer leaves no snapshot")
  void leavesNothingWithoutATrailer() throws Exception {
    TransferPlan plan = announced(full());
    try (ForgedBody body = stranger.upload(NODES.second(), plan.id())) {
      body.chunk(Zfs.send(source + "@a")).endUnproven().fail(TransferFailure.UNPROVEN);
    }

    assertNoCopy();
    sendFull();
  }

  @Test
  @DisplayName("I06 a stream that ends early is refused however well it is proven")
  void refusesAShortStream() throws Exception {
    TransferPlan plan = announced(full());
    byte[] stream = Zfs.send(source + "@a");

    upload(plan, Arrays.copyOf(stream, stream.length - 100), honest())
        .fail(TransferFailure.STREAM_TRUNCATED);

    assertNoCopy();
  }

  @Test
  @DisplayName("I10 the second BEGIN of an -I stream is judged as the first")
  void refusesAForgedSecondBegin() throws Exception {
    sendFull();
    TransferPlan plan = announced(increment());

    stream(plan, "-I", "@a", source + "@c", ForgedStreamIT::withAnotherSecondGuid, honest())
        .fail(TransferFailure.STREAM_REFUSED);

    List<String> there = Zfs.snapshots(copy);
    assertTrue(there.equals(List.of("a")) || there.equals(List.of("a", "b")), there::toString);
    assertEquals(a.guid(), Zfs.guid(copy + "@a"));
    assertEquals("noauto", Zfs.property(copy, "canmount"));
  }

  @Test
  @DisplayName("I08 a byte that was changed on the way leaves no snapshot")
  void refusesADamagedStream() throws Exception {
    TransferPlan plan = announced(full());
    byte[] stream = Zfs.send(source + "@a");
    stream[stream.length / 2] ^= 1;

    upload(plan, stream, honest()).fail(TransferFailure.STREAM_CORRUPT);

    assertNoCopy();
  }

  @Test
  @DisplayName("I23 bytes after the end of the stream are refused, and nothing is committed")
  void refusesTrailingBytes() throws Exception {
    TransferPlan plan = announced(full());
    byte[] stream = Zfs.send(source + "@a");

    upload(plan, Arrays.copyOf(stream, stream.length + 8), honest())
        .fail(TransferFailure.TRAILING_BYTES);

    assertNoCopy();
  }

  @Test
  void takesOneBodyForOneAnnouncement() throws Exception {
    TransferPlan plan = announced(full());
    byte[] stream = Zfs.send(source + "@a");
    try (ForgedBody first = stranger.upload(NODES.second(), plan.id())) {
      first.chunk(Arrays.copyOf(stream, stream.length / 2));
      Await.until("the first body", () -> state(plan).equals("receiving"));
      try (ForgedBody second = stranger.upload(NODES.second(), plan.id())) {
        second.answer().fail(TransferFailure.RECEIVE_IN_PROGRESS);
      }
      first.chunk(Arrays.copyOfRange(stream, stream.length / 2, stream.length));

      first.end(first.proof()).succeed();
    }

    assertEquals(List.of("a"), Zfs.snapshots(copy));
    upload(plan, stream, honest()).fail(TransferFailure.RECEIVE_IN_PROGRESS);
  }

  @Test
  void keepsTheTransfersOfTwoNodesApart() throws Exception {
    TransferPlan plan = announced(full());
    CertifiedCaller other = NODES.peerNode();

    other.get(NODES.second(), path(plan)).fail(TransferFailure.TRANSFER_NOT_FOUND);
    try (ForgedBody body = other.upload(NODES.second(), plan.id())) {
      body.answer().fail(TransferFailure.TRANSFER_NOT_FOUND);
    }

    assertEquals("announced", state(plan));
    upload(plan, Zfs.send(source + "@a"), honest()).succeed();
  }

  @Test
  void refusesAnIncrementOfWhatIsNotThere() throws Exception {
    refuse(TransferFailure.BASE_MISSING, increment());
  }

  @Test
  void refusesASecondFullStream() throws Exception {
    sendFull();

    refuse(TransferFailure.DESTINATION_EXISTS, full());
  }

  @Test
  void refusesToSpeakForAnotherNode() throws Exception {
    TransferPlan plan = full();
    TransferPlan asFirst =
        new TransferPlan(
            plan.id(),
            plan.lineage(),
            plan.name(),
            NODES.first().id(),
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
            plan.must());

    refuse(OwnershipFailure.FOREIGN_CLAIM, asFirst);
  }

  @Test
  void refusesADemandThatItDoesNotKnow() throws Exception {
    TransferPlan plan = full();
    Map<String, Object> document = Json.convert(Json.tree(plan), AnyDocument.class);
    document.put("must", List.of("teleport"));
    document.put("teleport", true);

    stranger
        .post(NODES.second(), "/node/v1/transfers", document)
        .fail(RequestFailure.UNSUPPORTED_REQUIREMENT);
  }

  @Test
  void letsUsersAndNodesIntoTheirOwnRoutesOnly() throws Exception {
    CertifiedCaller user = new CertifiedCaller(NODES.user());

    user.post(NODES.second(), "/node/v1/transfers", full()).fail(RequestFailure.FORBIDDEN);
    user.get(NODES.second(), "/node/v1/volumes/" + lineage).fail(RequestFailure.FORBIDDEN);
    try (ForgedBody body = user.upload(NODES.second(), UUID.randomUUID())) {
      body.answer().fail(RequestFailure.FORBIDDEN);
    }
    stranger.get(NODES.second(), "/v1/volumes").fail(RequestFailure.FORBIDDEN);
    stranger
        .post(NODES.second(), "/v1/volumes", Map.of("name", "forged.other"))
        .fail(RequestFailure.FORBIDDEN);
  }

  /** A JSON object to be changed at will. */
  private static final class AnyDocument extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;
  }

  private static SnapshotReference snapshot(Path folder, String name, int bytes)
      throws IOException, InterruptedException {
    Content.write(folder.resolve(name), bytes, name.hashCode());
    Zfs.run("snapshot", source + "@" + name);
    return new SnapshotReference(name, Zfs.guid(source + "@" + name));
  }

  private TransferPlan full() {
    return plan(StreamKind.FULL, Optional.empty(), a);
  }

  private TransferPlan increment() {
    return plan(StreamKind.INCREMENTAL, Optional.of(a.guid()), b, c);
  }

  private TransferPlan plan(StreamKind kind, Optional<Guid> from, SnapshotReference... brings) {
    NodeId owner = stranger.node();
    return new TransferPlan(
        UUID.randomUUID(),
        lineage,
        NAME,
        owner,
        0,
        UUID.randomUUID(),
        kind,
        from,
        List.of(brings),
        SendFlags.NONE,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Map.of(),
        Optional.empty(),
        List.of());
  }

  private TransferPlan announced(TransferPlan plan) throws IOException, InterruptedException {
    JsonNode result = stranger.post(NODES.second(), "/node/v1/transfers", plan).succeed();
    assertEquals("announced", result.path("state").stringValue());
    return plan;
  }

  private void refuse(Failure expected, TransferPlan plan)
      throws IOException, InterruptedException {
    stranger.post(NODES.second(), "/node/v1/transfers", plan).fail(expected);
  }

  /** Sends what is true, which shows that nothing is left in its way. */
  private void sendFull() throws IOException, InterruptedException {
    upload(announced(full()), Zfs.send(source + "@a"), honest()).succeed();
    assertEquals(List.of("a"), Zfs.snapshots(copy));
  }

  private Reply stream(
      TransferPlan plan,
      String flag,
      String from,
      String to,
      UnaryOperator<byte[]> forgery,
      UnaryOperator<Proof> lie)
      throws IOException, InterruptedException {
    return upload(plan, forgery.apply(Zfs.send(flag, from, to)), lie);
  }

  private Reply upload(TransferPlan plan, byte[] stream, UnaryOperator<Proof> lie)
      throws IOException {
    try (ForgedBody body = stranger.upload(NODES.second(), plan.id())) {
      body.chunk(stream);
      return body.end(lie.apply(body.proof()));
    }
  }

  private static UnaryOperator<Proof> honest() {
    return UnaryOperator.identity();
  }

  /** Changes the guid of {@code c} where it is first named, in the BEGIN record of its stream. */
  private static byte[] withAnotherSecondGuid(byte[] stream) {
    byte[] guid =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(c.guid().bits())
            .array();
    for (int at = 0; at + guid.length <= stream.length; at++) {
      if (Arrays.equals(stream, at, at + guid.length, guid, 0, guid.length)) {
        byte[] forged = stream.clone();
        forged[at] ^= 1;
        assertNotEquals(stream[at], forged[at]);
        return forged;
      }
    }
    throw new AssertionError("the stream does not name " + c.guid());
  }

  /** Has every zfs that the second node starts written down. */
  private static Path recordCalls() throws IOException {
    Path calls = NODES.second().file("calls-" + UUID.randomUUID());
    NODES.second().faults("echo \"$@\" >> " + calls);
    return calls;
  }

  private void assertNothingReceived(Path calls) throws IOException, InterruptedException {
    assertTrue(Files.exists(calls), "zfs was asked for something");
    assertFalse(Files.readString(calls).contains("receive"), Files.readString(calls));
    assertFalse(Zfs.exists(NODES.second().pool(), copy));
  }

  /** Nor a half copy, which would stand in the way of the next try. */
  private void assertNoCopy() throws IOException, InterruptedException {
    assertFalse(Zfs.exists(NODES.second().pool(), copy));
  }

  private static String path(TransferPlan plan) {
    return "/node/v1/transfers/" + plan.id();
  }

  private JsonNode result(TransferPlan plan) throws IOException, InterruptedException {
    return stranger.get(NODES.second(), path(plan)).succeed();
  }

  private String state(TransferPlan plan) throws IOException, InterruptedException {
    return result(plan).path("state").stringValue();
  }
}
