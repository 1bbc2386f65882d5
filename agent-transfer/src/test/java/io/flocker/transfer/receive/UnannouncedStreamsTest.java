package io.flocker.transfer.receive;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.net.Buffers;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.node.MemoryPool;
import io.flocker.transfer.stream.StreamSender;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.stream.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class UnannouncedStreamsTest {
  private static final VolumeName NAME = VolumeName.parse("default.db");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final NodeId owner = NodeId.random();
  private final String copy = new DatasetName(owner, NAME).in(FakeStorage.POOL);
  private UnannouncedStreams streams;

  @BeforeEach
  void open() throws Exception {
    streams = new UnannouncedStreams(nodes.second.parts, TransferSettings.defaults());
  }

  @Test
  void takesACopyThatNobodyHasARecordOf() throws Exception {
    Wire.Response response = send(owner.toString(), 7);

    assertEquals(200, response.status(), response::toString);
    assertEquals(copy, response.body().path("dataset").asString());
    assertEquals(new Guid(7).toString(), response.body().path("snapshots").path(0).asString());
    assertTrue(response.body().path("bytes").asLong() > 0);
    assertTrue(nodes.second.fake.isAutomountForbidden(copy));
    assertTrue(nodes.second.fake.dataset(copy).orElseThrow().isReadonly());
    assertTrue(nodes.second.fake.changes().contains("seal " + copy));
  }

  @Test
  void refusesTheNodesOwnVolumesAndWhatNamesNone() {
    assertFails(
        OwnershipFailure.OWNED_HERE, () -> streams.open(wire(nodes.second.id.toString()).exchange));
    assertFails(RequestFailure.NOT_FOUND, () -> streams.open(wire("nobody").exchange));
  }

  @Test
  void refusesAFullStreamOntoACopy() throws Exception {
    nodes.second.fake.receive(copy, "a", new Guid(1));

    assertEquals(TransferFailure.DESTINATION_EXISTS.type(), send(owner.toString(), 7).type());
  }

  @Test
  void refusesWhatFlockerdKeeps() throws Exception {
    VolumeId volume = nodes.first.create("default.kept").id();
    var _ = nodes.push(volume);
    String kept = nodes.second.catalog.require(volume).dataset().name();
    assertEquals(OwnershipFailure.VOLUME_EXISTS.type(), send(kept(), 7).type());

    nodes.second.fake.removeRecord(kept);
    nodes.second.fake.setRecordUnreadable(kept); // Perhaps of a newer flockerd.
    assertEquals(OwnershipFailure.VOLUME_EXISTS.type(), send(kept(), 7).type());
    nodes.second.locks.own(volume, "test").close();
  }

  private Wire kept() {
    return new Wire(
        nodes.loop.loop(),
        new Principal.ControlService(),
        Map.of("owner", nodes.first.id.toString(), "name", "default.kept"));
  }

  @Test
  void nobodyHasToVouchForIt() throws Exception {
    Wire wire = wire(owner.toString());
    wire.distortTrailers(_ -> Map.of());

    assertEquals(200, send(wire, 7).status());
  }

  @Test
  void aSecondOneFindsTheCopyFree() throws Exception {
    assertEquals(200, send(owner.toString(), 7).status());

    assertEquals(TransferFailure.DESTINATION_EXISTS.type(), send(owner.toString(), 8).type());
    nodes.second.fake.destroy(copy);
    assertEquals(200, send(owner.toString(), 9).status());
  }

  @Test
  void ofTwoThatWouldMakeOneCopyTheLaterIsRefusedAndHarmsNothing() throws Exception {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    CompletableFuture<Wire.Response> later = new CompletableFuture<>();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive") && isFirst.getAndSet(false)) {
        boolean _ = later.complete(sendUnasked(8));
      }
    });

    assertEquals(200, send(owner.toString(), 7).status());

    assertEquals(OwnershipFailure.VOLUME_LOCKED.type(), later.join().type());
    assertEquals(
        List.of(new Guid(7)),
        nodes.second.fake.dataset(copy).orElseThrow().snapshots().stream()
            .map(Snapshot::guid)
            .toList());
  }

  private Wire.Response sendUnasked(long guid) {
    try {
      return send(owner.toString(), guid);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theReceivingChildsOwnWordsAreTold() throws Exception {
    nodes.second.pool.breaksReceives();

    String detail = send(owner.toString(), 7).body().path("detail").asString();

    assertTrue(detail.contains("exited with 1: the receiving child fails"), detail);
  }

  /** Commands between the child's end and the answer, and after a child that failed. */
  @ParameterizedTest
  @CsvSource({"seal,false", "seal,true"})
  void nothingStaysTakenWhereACheckAfterTheReceiveFails(String command, boolean isUnforeseen)
      throws Exception {
    AtomicBoolean isArmed = new AtomicBoolean(true);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals(command) && isArmed.getAndSet(false)) {
        if (isUnforeseen) {
          throw new IllegalStateException("unforeseen");
        }
        throw StorageFailure.ZFS_FAILED.because("no");
      }
    });

    assertEquals(5, send(owner.toString(), 7).status() / 100);
    nodes.second.fake.destroy(copy);

    assertEquals(200, send(owner.toString(), 8).status());
  }

  @ParameterizedTest
  @CsvSource({"explain", "afterFailedReceive"})
  void nothingStaysTakenWhereNobodyCanSayWhyTheChildFailed(String command) throws Exception {
    AtomicBoolean isArmed = new AtomicBoolean(true);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals(command) && isArmed.getAndSet(false)) {
        throw new IllegalStateException("unforeseen");
      }
    });
    nodes.second.pool.breaksReceives();

    assertEquals(5, send(owner.toString(), 7).status() / 100);
    nodes.second.pool.heal();

    assertEquals(200, send(owner.toString(), 8).status());
  }

  private Wire wire(String ownerText) {
    return new Wire(
        nodes.loop.loop(),
        new Principal.ControlService(),
        Map.of("owner", ownerText, "name", NAME.toString()));
  }

  private Wire.Response send(String ownerText, long guid) throws Exception {
    return send(wire(ownerText), guid);
  }

  private Wire.Response send(Wire wire, long guid) throws Exception {
    TransferPlan plan =
        new TransferPlan(
            UUID.randomUUID(),
            VolumeId.random(),
            NAME,
            owner,
            0,
            UUID.randomUUID(),
            StreamKind.FULL,
            Optional.empty(),
            List.of(new SnapshotReference("s" + guid, new Guid(guid))),
            SendFlags.NONE,
            OptionalLong.empty(),
            OptionalLong.empty(),
            Map.of(),
            Optional.empty(),
            List.of());
    StreamSender sender =
        new StreamSender(
            () -> MemoryPool.sending(plan), TransferSettings.defaults(), Buffers.pool());
    nodes.loop.run(() -> {
      wire.connect(streams.open(wire.exchange));
      wire.connect(sender);
    });
    return wire.response.get(60, TimeUnit.SECONDS);
  }
}
