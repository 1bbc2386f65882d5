package io.flocker.transfer.attach;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventId;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationEvents;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.event.CheckedEvents;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonRoute;
import io.flocker.transfer.deploy.DeployedVolumes;
import io.flocker.transfer.deploy.OperatedMoves;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.route.TransferWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes in memory; the second one gives what nobody uses. */
@Timeout(120)
class AttachRoutesTest {
  private static final Principal USER = new Principal.User("nomad");
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final VolumeName NAME = VolumeName.parse("default.db");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final CheckedEvents checked = new CheckedEvents();
  private final List<Event> withheld = new CopyOnWriteArrayList<>();
  private long told;
  private Database database;
  private Operations operations;
  private AttachRoutes routes;

  @BeforeEach
  void open() throws Exception {
    var _ =
        nodes.first.peers.put(
            new Peer(nodes.second.id, List.of(Address.parse("127.0.0.1:9")), Takeover.NEVER));
    database = Database.open(Files.createDirectory(nodes.folder.resolve("database")));
    begin();
    nodes.second.giver = (to, volume) -> giver(nodes.second).give(to, volume);
  }

  @AfterEach
  void close() throws Exception {
    operations.close();
    database.close();
    assertEquals(List.of(), withheld, "events that nobody is told");
  }

  @Test
  void aVolumeIsMadeWhereNobodyHasIt() throws Exception {
    OperationView done =
        attach("{\"name\":\"default.db\",\"sizeBytes\":1048576,\"profile\":\"gold\"}");

    assertEquals(OperationState.SUCCEEDED, done.state(), String.valueOf(done.problem()));
    VolumeId id = VolumeId.parse(String.valueOf(done.result().orElseThrow().get("volume")));
    assertOwner(nodes.first, id, 0);
    assertEquals(
        nodes.first.home.mountpoint(NAME).toString(),
        done.result().orElseThrow().get("mountpoint"));
    assertEquals(Map.of(OperatedMoves.PROFILE, "gold"), nodes.first.register.metadata(id));

    assertEquals(done.result(), attach("{\"name\":\"default.db\"}").result(), "once more");
  }

  @Test
  void aVolumeOfAPeersComesByItsHandoff() throws Exception {
    VolumeId id = nodes.second.create("default.db").id();

    OperationView done = attach("{\"name\":\"default.db\"}");

    assertEquals(OperationState.SUCCEEDED, done.state(), String.valueOf(done.problem()));
    assertOwner(nodes.first, id, 1);
  }

  @Test
  void theOwnersRefusalIsTheOperationsProblem() throws Exception {
    VolumeId id = nodes.second.create("default.db").id();
    nodes.second.giver =
        (_, _) -> {
          throw OwnershipFailure.KEPT_BY_OWNER.because("it is wished here");
        };

    OperationView refused = attach("{\"name\":\"default.db\"}");

    assertEquals(OperationState.FAILED, refused.state());
    assertEquals(
        OwnershipFailure.KEPT_BY_OWNER.type(), refused.problem().orElseThrow().get("type"));
    assertOwner(nodes.second, id, 0);
  }

  @Test
  void aPeerOfBeforeIsSaidToBeTooOld() throws Exception {
    nodes.second.create("default.db");
    nodes.second.giver =
        (_, _) -> {
          throw RequestFailure.NOT_FOUND.because("There is no /give.");
        };

    OperationView refused = attach("{\"name\":\"default.db\"}");

    String detail = String.valueOf(refused.problem().orElseThrow().get("detail"));
    assertTrue(detail.contains("too old") && detail.contains(nodes.second.id.toString()), detail);
  }

  @Test
  void whoIsCancelledWaitsNoLongerAndWhatIsUnderWayIsFinished() throws Exception {
    VolumeId id = nodes.second.create("default.db").id();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    nodes.second.giver =
        (to, volume) -> {
          asked.countDown();
          goesOn.await();
          giver(nodes.second).give(to, volume);
        };
    OperationView begun = start("{\"name\":\"default.db\"}");
    asked.await();

    operations.cancel(begun.id(), OperationReader.ofOwn(USER));

    assertEquals(OperationState.CANCELLED, end(begun.id()).state());
    goesOn.countDown();
    OperationView again = attach("{\"name\":\"default.db\"}");
    assertEquals(OperationState.SUCCEEDED, again.state(), String.valueOf(again.problem()));
    assertOwner(nodes.first, id, 1);
  }

  @Test
  void oneThatTheDaemonsEndHasCutShortGoesOn() throws Exception {
    VolumeId id = nodes.second.create("default.db").id();
    CountDownLatch asked = new CountDownLatch(1);
    nodes.second.giver =
        (_, volume) -> {
          asked.countDown();
          throw OwnershipFailure.VOLUME_LOCKED.because(volume + " is being pushed");
        };
    OperationView begun = start("{\"name\":\"default.db\"}");
    asked.await();
    operations.close();
    nodes.second.giver = (to, volume) -> giver(nodes.second).give(to, volume);

    begin();
    operations.recover();

    OperationView done = end(begun.id());
    assertEquals(OperationState.SUCCEEDED, done.state(), String.valueOf(done.problem()));
    assertOwner(nodes.first, id, 1);
  }

  @Test
  void onlyANodeIsGivenAVolume() throws Exception {
    VolumeId id = nodes.second.create("default.db").id();
    JsonRoute give = (JsonRoute) routes.routes().getLast();

    assertFails(
        RequestFailure.FORBIDDEN,
        () -> give.handler().handle(request(USER, Map.of("id", id.toString()), "{}")));
  }

  private void begin() {
    OperationKinds kinds = new OperationKinds();
    operations =
        new Operations(
            nodes.first.id,
            new StoredOperations(database),
            kinds,
            new OperationEvents(kinds, this::tell),
            InstantSource.system(),
            WAIT);
    MemoryNode first = nodes.first;
    routes =
        new AttachRoutes(
            operations,
            new VolumeAttachment(
                new DeployedVolumes(first.parts, first.links, first.find, first.policies, WAIT),
                moves(first),
                first.links,
                Duration.ZERO),
            giver(first));
    routes.kinds().forEach(kinds::add);
  }

  /** As the daemon tells it: what does not fit its schema is told to nobody. */
  private synchronized void tell(Event event) {
    if (checked.write(new EventId("0123456789abcdef", ++told), event).isEmpty()) {
      withheld.add(event);
    }
  }

  private VolumeGiver giver(MemoryNode node) {
    try {
      return new VolumeGiver(
          node.parts,
          node,
          MountBook.open(
              nodes.folder.resolve("database"), UUID.randomUUID(), InstantSource.system()),
          moves(node),
          _ -> Optional.empty(),
          true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OperatedMoves moves(MemoryNode node) {
    return new OperatedMoves(
        node.parts,
        node.links,
        node.find,
        operations,
        new TransferWork(
            node.push,
            node.handoff,
            new VolumeDocuments(
                node.register, MountStatus::of, node.parts.confirmations(), node.cursors)),
        node.wished);
  }

  private OperationView attach(String body) throws Exception {
    return end(start(body).id());
  }

  private OperationView start(String body) throws Exception {
    JsonRoute attach = (JsonRoute) routes.routes().getFirst();
    Object begun = attach.handler().handle(request(USER, Map.of(), body)).body();
    return (OperationView) Optional.ofNullable(begun).orElseThrow();
  }

  private OperationView end(UUID id) throws Exception {
    return operations.await(id, OperationReader.ofOwn(USER), WAIT).orElseThrow();
  }

  private static JsonRequest request(Principal caller, Map<String, String> variables, String body) {
    return new JsonRequest(caller, variables, Map.of(), Map.of(), Json.read(body.getBytes(UTF_8)));
  }
}
