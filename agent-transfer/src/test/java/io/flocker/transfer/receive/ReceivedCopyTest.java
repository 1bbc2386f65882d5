package io.flocker.transfer.receive;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static io.flocker.transfer.node.MemoryPair.snapshots;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.protocol.TransferResult.State;
import io.flocker.transfer.stream.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stream leaves of the copy that it came for, when it arrives and when it does not. */
@Timeout(120)
class ReceivedCopyTest {
  private static final long QUOTA_BYTES = 1 << 24;

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  @Test
  void aFirstCopyThatIsNotWhatWasAnnouncedGoesAgain() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    receiveInstead(4711);

    assertFails(TransferFailure.WRONG_GUID, () -> nodes.push(volume));

    assertEquals(List.of(), nodes.second.fake.datasets());
    nodes.heal();
    var _ = nodes.push(volume);
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
    assertEquals(List.of(latest(nodes.second, volume).guid()), toldAsReceived());
  }

  @Test
  void aCopyThatAWrongStreamFellOnIsTakenBackToWhereItWas() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    List<Snapshot> before = snapshots(nodes.second, volume);
    String copy = copy(volume).name();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        nodes.second.fake.cut(copy, restOf(4711));
        nodes.second.pool.receivesInstead("other", new Guid(4711));
      }
    });

    assertFails(TransferFailure.WRONG_GUID, () -> nodes.push(volume));

    assertEquals(before, snapshots(nodes.second, volume));
    assertEquals(Optional.empty(), copy(volume).resumeToken(), "nothing of it is gone on with");
    nodes.heal();
    var _ = nodes.push(volume);
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  @Test
  @DisplayName("R12 what the receiver cannot take is not gone on with")
  void whatIsSavedOfAStreamThatCannotBeTakenGoes() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    String copy = copy(volume).name();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        nodes.second.fake.cut(copy, restOf(4711));
        throw TransferFailure.STREAM_UNSUPPORTED.because("embedded data, encrypted receive");
      }
    });

    assertFails(TransferFailure.STREAM_UNSUPPORTED, () -> nodes.push(volume));

    assertEquals(Optional.empty(), copy(volume).resumeToken());
    nodes.heal();
    var _ = nodes.push(volume);
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  @Test
  void aStreamThatBroughtOnlyItsEndIsNoneThatWasAnnounced() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1, 2));
    receiveInstead(2);

    assertEquals(TransferFailure.WRONG_GUID.type(), send(plan).type());
    assertEquals(List.of(), nodes.second.fake.datasets());
  }

  @Test
  void whatWasWholeOfABatchThatBrokeOffStaysWithItsOwnersCopy() throws Exception {
    Volume volume = nodes.first.create("default.db");
    var _ = nodes.push(volume.id());
    Snapshot base = latest(nodes.second, volume.id());
    String copy = copy(volume.id()).name();
    nodes.second.events.clear();
    TransferPlan plan = announced(Plans.increment(volume, base.guid(), 1, 2));
    breakOffAfter(() -> nodes.second.fake.receive(copy, "s1", new Guid(1)));

    send(plan);

    TransferResult result = result(plan);
    assertEquals(State.FAILED, result.state());
    assertEquals(List.of(base.guid(), new Guid(1)), result.snapshots());
    assertEquals(List.of(new Guid(1)), toldAsReceived());
    assertReplica(nodes.second, volume.id(), nodes.first, volume.epoch());
  }

  @Test
  void aCopyThatIsThereWholeIsItsOwnersThoughItsReceiverFailed() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1));
    breakOffAfter(() -> nodes.second.fake.receive(name(plan), "s1", new Guid(1)));

    send(plan);

    assertReplica(nodes.second, plan.lineage(), nodes.first, plan.epoch());
    assertEquals(List.of(new Guid(1)), toldAsReceived());
  }

  @Test
  void nobodyBecomesTheOwnerOfACopyByAStreamThatBrokeOff() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1, 2));
    breakOffAfter(() -> nodes.second.fake.receive(name(plan), "s1", new Guid(1)));

    send(plan);

    assertEquals(List.of(), nodes.second.fake.datasets());
    assertEquals(List.of(), result(plan).snapshots());
    assertEquals(List.of(), toldAsReceived());
  }

  @Test
  void whatCanBeGoneOnWithStays() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1));
    breakOffAfter(() -> {
      nodes.second.fake.add(name(plan));
      nodes.second.fake.cut(name(plan), restOf(1));
    });

    send(plan);

    Dataset rest = nodes.second.fake.dataset(name(plan)).orElseThrow();
    assertTrue(rest.resumeToken().isPresent());
    assertEquals(Optional.empty(), rest.record());
  }

  @Test
  void whatWasCutGoesBeforeAStreamThatDoesNotGoOnWithIt() throws Exception {
    TransferPlan plan = Plans.full(nodes.first.id, VolumeId.random(), 1);
    nodes.second.fake.add(name(plan));
    nodes.second.fake.cut(name(plan), restOf(2));
    AtomicReference<Dataset> found = atTheReceive(name(plan));

    assertEquals(200, send(announced(plan)).status());

    assertEquals(Optional.empty(), found.get().resumeToken());
  }

  /** What somebody did to a copy by hand, any of which can keep a stream out. */
  static Stream<String> spoils() {
    return Stream.of("readonly", VolumeProperties.QUOTA, "seal");
  }

  @ParameterizedTest
  @MethodSource("spoils")
  void whatWasSetByHandKeepsNoStreamOut(String spoil) throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    String copy = copy(volume).name();
    switch (spoil) {
      case "readonly" -> nodes.second.fake.setReadonly(copy, false);
      case "seal" -> nodes.second.fake.setQuota(copy, 0);
      default -> nodes.second.fake.setProperty(copy, VolumeProperties.QUOTA, "1048576");
    }
    AtomicReference<Dataset> found = atTheReceive(copy);

    var _ = nodes.push(volume);

    assertTrue(found.get().isReadonly());
    assertTrue(found.get().isSealed());
    assertEquals(0, found.get().quotaBytes());
  }

  @Test
  void aCopyThatNobodyTouchedIsLeftAsItIs() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    AtomicReference<String> sealed = new AtomicReference<>("not before the receive");
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("seal") || method.equals("receive")) {
        boolean _ = sealed.compareAndSet("not before the receive", method);
      }
    });

    var _ = nodes.push(volume);

    assertEquals("receive", sealed.get());
  }

  @Test
  void aCopyIsSetToWhatItsOwnerSays() throws Exception {
    VolumeId volume =
        nodes
            .first
            .volumes
            .create(VolumeName.parse("default.db"), Optional.empty(), QUOTA_BYTES)
            .id();

    var _ = nodes.push(volume);

    assertEquals(QUOTA_BYTES, copy(volume).limitBytes());
    assertEquals(0, copy(volume).quotaBytes(), "in force only where the volume is written");
  }

  @Test
  void aFullPoolIsToldWithItsNameAndWhatIsFree() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1));
    nodes.second.pool.breaks("receive", StorageFailure.NO_SPACE.because("out of space"));

    Wire.Response answer = send(plan);

    assertEquals(StorageFailure.NO_SPACE.type(), answer.type());
    assertEquals(nodes.second.fake.poolName(), answer.body().path("pool").asString());
    assertEquals(nodes.second.fake.freeBytes(), answer.body().path("freeBytes").asLong());
  }

  @Test
  void noOtherFailureIsToldAsOneOfThePool() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1));
    nodes.second.pool.breaks("receive", StorageFailure.ZFS_FAILED.because("no"));

    assertFalse(send(plan).body().has("freeBytes"));
  }

  @Test
  void theReceivingChildsOwnWordsAreTold() throws Exception {
    TransferPlan plan = announced(Plans.full(nodes.first.id, VolumeId.random(), 1));
    nodes.second.pool.breaksReceives();

    String detail = send(plan).body().path("detail").asString();

    assertTrue(detail.contains("exited with 1: the receiving child fails"), detail);
  }

  private interface Moment {
    void come() throws FailureException;
  }

  /** The receiving child fails, having left something. */
  private void breakOffAfter(Moment moment) {
    nodes.second.pool.breaksReceives();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("afterFailedReceive")) {
        moment.come();
      }
    });
  }

  private void receiveInstead(long guid) {
    nodes.second.pool.receivesInstead("s" + guid, new Guid(guid));
  }

  /** What the receiving child finds. */
  private AtomicReference<Dataset> atTheReceive(String dataset) {
    AtomicReference<Dataset> found = new AtomicReference<>();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        found.set(nodes.second.fake.dataset(dataset).orElseThrow());
      }
    });
    return found;
  }

  private static ResumeState restOf(long guid) {
    return new ResumeState(
        "token of " + guid,
        "tank/db@s" + guid,
        new Guid(guid),
        Optional.empty(),
        7,
        false,
        false,
        false,
        false);
  }

  private List<Guid> toldAsReceived() {
    return nodes.second.events.stream()
        .filter(event -> event.type() == EventType.SNAPSHOT_RECEIVED)
        .map(event -> (Map<?, ?>) event.members().get("snapshot"))
        .map(snapshot -> (Guid) snapshot.get("guid"))
        .toList();
  }

  private Dataset copy(VolumeId volume) throws FailureException {
    return nodes.second.catalog.require(volume).dataset();
  }

  private String name(TransferPlan plan) {
    return new DatasetName(plan.owner(), plan.name()).in(nodes.second.fake.poolName());
  }

  private TransferPlan announced(TransferPlan plan) throws FailureException {
    var _ = nodes.second.incoming.announce(plan.owner(), plan);
    return plan;
  }

  private Wire.Response send(TransferPlan plan) throws Exception {
    return nodes.first.links.sendPlanned(plan, nodes.second.id);
  }

  private TransferResult result(TransferPlan plan) throws FailureException {
    return nodes.second.incoming.result(new Principal.Node(plan.owner()), plan.id().toString());
  }
}
