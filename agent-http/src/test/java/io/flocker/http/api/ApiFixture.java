package io.flocker.http.api;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.Obstacle;
import io.flocker.core.deploy.plan.Phase;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.plan.Subject;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationKind;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.peer.Reach;
import io.flocker.core.pki.Credentials;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Verified;
import io.flocker.core.replicate.hook.Hook;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredConfiguration;
import io.flocker.core.store.StoredJournals;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.store.StoredPolicies;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.TestServer;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.http.json.Json;
import io.flocker.http.route.Route;
import io.flocker.http.router.DeclaredPermissions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A node with a pool in memory, its public API behind real TLS, and a user who calls it. */
final class ApiFixture {
  /** Who calls. */
  static final Principal USER = new Principal.User("alice");

  /** Who owns the replicas. */
  static final NodeId PEER = NodeId.random();

  /** A command of the node that does not end. */
  static final String STUCK = "zfs-stuck";

  /** A copy at a peer that does not answer. */
  static final CopyStatus COPY =
      new CopyStatus(
          VolumeId.random(),
          VolumeName.parse("default.copied"),
          NodeId.random(),
          CopyStatus.State.FAILED,
          Instant.EPOCH,
          1.5,
          60,
          OptionalLong.of(4_096),
          Optional.of(new Arrival(new Guid(7), "flk.7", Instant.EPOCH, Instant.EPOCH)),
          new CopyStatus.WaitsFor("retry", "the next try", Instant.EPOCH, 0),
          2,
          Optional.of(TransferFailure.PEER_UNREACHABLE.because("nobody answers").document()),
          Optional.of(Instant.EPOCH),
          Optional.of(
              new CopyStatus.Verification(
                  Optional.of(
                      new Verified(
                          new Guid(6),
                          "flk.6",
                          Instant.EPOCH,
                          Optional.of(
                              TransferFailure.COPY_DIFFERS.because("not the same").document()))),
                  Optional.empty(),
                  Optional.of(Instant.EPOCH),
                  Optional.of(
                      TransferFailure.PEER_UNREACHABLE.because("nobody answers").document()))));

  /** A stream that is under way. */
  static final TransferDocument TRANSFER =
      new TransferDocument(
          UUID.randomUUID(),
          TransferDirection.OUT,
          VolumeId.random(),
          PEER,
          StreamKind.FULL,
          Instant.EPOCH,
          5,
          OptionalLong.of(10));

  /** Has a volume of its own name, variables, a port and datagrams, which Flocker had not. */
  static final Application DB =
      Application.named("db", Image.parse("registry:5000/mysql:5.6"))
          .program(
              new Program(
                  Optional.of(List.of("mysqld")),
                  Optional.empty(),
                  new TreeMap<>(Map.of("MYSQL_DATABASE", "shop", "DEBUG", "")),
                  Optional.empty(),
                  Optional.empty()))
          .ports(List.of(Port.tcp(3_306, 3_306), new Port(53, 5_353, Protocol.UDP)))
          .volumes(List.of(MountedVolume.of(VolumeName.parse("default.db"), "/var/lib/mysql")))
          .build();

  /** Has links, and a volume that is another node's. */
  static final Application WEB =
      Application.named("web", Image.parse("flask"))
          .ports(List.of(Port.tcp(5_000, 80)))
          .links(List.of(new Link(3_306, 3_306, "db"), new Link(80, 8_080, "api")))
          .volumes(List.of(MountedVolume.of(VolumeName.parse("default.web"), "/data")))
          .build();

  /** Plans one step, has something that failed, and two containers. */
  static final ConfigurationRoutes.ConvergenceView CONVERGENCE =
      new ConfigurationRoutes.ConvergenceView() {
        @Override
        public Plan plan(Configuration wish) {
          return new Plan(
              wish.generation(),
              List.of(
                  new Plan.PlannedPhase(
                      Phase.CREATE,
                      List.of(
                          new Plan.Step(
                              1,
                              new Change.CreateVolume(
                                  new VolumeReference(
                                      VolumeName.parse("default.db"), Optional.empty()),
                                  OptionalLong.of(5),
                                  Optional.empty(),
                                  new TreeMap<>(),
                                  List.of(PEER)),
                              List.of())))),
              List.of(
                  new Obstacle(Obstacle.Kind.ENGINE_UNKNOWN, Subject.NODE, "The engine is away.")));
        }

        @Override
        public ConvergenceStatus status() {
          return new ConvergenceStatus(
              5,
              false,
              Optional.of(Instant.EPOCH),
              List.of(
                  new ObjectStatus(
                      "volume",
                      "default.db",
                      ObjectStatus.State.FAILED,
                      "create default.db",
                      Instant.EPOCH,
                      Optional.of(
                          StorageFailure.NO_SPACE.because("none is left").toldBy(PEER).document()),
                      1,
                      Optional.of(Instant.EPOCH))));
        }

        @Override
        public List<Container> containers() {
          return List.of(
              container(DB, ContainerState.Status.RUNNING),
              container(WEB, ContainerState.Status.EXITED));
        }

        @Override
        public SortedSet<Integer> answeredPorts() {
          return new TreeSet<>(List.of(8_080));
        }
      };

  private static Container container(Application application, ContainerState.Status status) {
    Map<String, Path> folders =
        application.volumes().stream()
            .collect(
                Collectors.toMap(
                    MountedVolume::mountpoint,
                    volume -> Path.of("/flocker").resolve(volume.name().toString())));
    return new Container(
        "0123456789abcdef",
        ContainerDefinition.containerName(application.name()),
        ContainerDefinition.of(application, 5, folders, "10.0.0.1"),
        application.digest(),
        false,
        new ContainerState(
            status, 0, false, "", Optional.empty(), "", Optional.empty(), Optional.empty()));
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Guid NO_SNAPSHOT = new Guid(0);

  private final NodeId self = NodeId.random();
  private final FakeStorage storage = new FakeStorage();
  private final NodeMemory memory;
  private final NodeVolumes volumes;
  private final Database database;
  private final ConfigurationBook configuration;
  private final Policies policies;
  private final StoredKeys keys;
  private final OperationKinds kinds = new OperationKinds();
  private final DeclaredPermissions permissions = new DeclaredPermissions();
  private final PeerReach reach;
  private final Operations operations;
  private final TestServer server;
  private final HttpClient user;
  private final HttpClient node;

  /** A node whose state and mounts are in {@code folder}. */
  ApiFixture(Path folder) throws Exception {
    database = Database.open(folder);
    configuration =
        ConfigurationBook.open(
            new StoredConfiguration(database), EventSink.NONE, InstantSource.system());
    policies = Policies.open(new StoredPolicies(database));
    memory =
        NodeMemory.open(
            folder,
            self,
            EventSink.NONE,
            StoredJournals.in(database, InstantSource.system()),
            FakeGrants.keeper(self));
    volumes =
        NodeVolumes.of(
            new LocalNode(self, folder.resolve("mounts"), VolumeMode.ROOT_WRITES),
            storage,
            memory,
            new SignedEpochs(memory.epochs()),
            _ -> List.of(),
            Clearance.Maker.NONE,
            EventSink.NONE);
    reach = new PeerReach(memory.peers(), EventSink.NONE);
    operations =
        new Operations(
            self,
            new StoredOperations(database),
            kinds,
            OperationObserver.NONE,
            InstantSource.system(),
            PATIENCE);
    keys = new StoredKeys(database);
    Idempotency idempotency = new Idempotency(keys, operations, InstantSource.system());
    kinds.add(new OperationKind("push", "volume:change", _ -> Optional.empty()));
    kinds.add(new OperationKind("secret", "volume:acquire", _ -> Optional.empty()));
    List<Route> routes = idempotency.over(routes());
    permissions.declare(routes);
    server = TestServer.start(folder, routes);
    user = client(server.cluster().user("alice"));
    node = client(server.cluster().node(PEER));
  }

  /** What came back. */
  record Answer(int status, HttpHeaders headers, JsonNode body) {
    /** The problem's type. */
    String problem() {
      return body.path("type").asString("");
    }

    /** The problem's detail. */
    String detail() {
      return body.path("detail").asString("");
    }

    /** Where the request's body breaks its schema, each place once, sorted. */
    List<String> pointers() {
      return body.path("violations")
          .valueStream()
          .map(violation -> violation.path("pointer").stringValue())
          .distinct()
          .sorted()
          .toList();
    }

    /** A header that has to be there. */
    String header(String name) {
      return headers.firstValue(name).orElseThrow();
    }
  }

  /** Whoever calls. */
  HttpClient user() {
    return user;
  }

  /** Where the node is. */
  URI url() {
    return URI.create("https://127.0.0.1:" + server.address().place().port());
  }

  NodeId self() {
    return self;
  }

  Policies policies() {
    return policies;
  }

  FakeStorage storage() {
    return storage;
  }

  Operations operations() {
    return operations;
  }

  /** Which snapshots the peers have. */
  PeerCursors cursors() {
    return memory.cursors();
  }

  NodeVolumes volumes() {
    return volumes;
  }

  /** Makes a copy of a volume that {@link #PEER} owns. */
  VolumeId replica(String name) throws Exception {
    VolumeId id = VolumeId.random();
    String dataset = new DatasetName(PEER, VolumeName.parse(name)).in(FakeStorage.POOL);
    storage.add(dataset);
    storage.setRecord(
        dataset,
        new OwnershipRecord(
            id,
            1,
            PEER,
            OwnershipState.OWNED,
            UUID.randomUUID(),
            NO_SNAPSHOT,
            storage.dataset(dataset).orElseThrow().guid()));
    return id;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return call(user, request(path).GET());
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return call(user, request(path).DELETE());
  }

  Answer send(String method, String path, String body) throws IOException, InterruptedException {
    return call(
        user,
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends with one header more, and a body if it is not empty. */
  Answer send(String method, String path, String body, String header, String value)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header(header, value);
    return call(
        user,
        body.isEmpty()
            ? request.method(method, HttpRequest.BodyPublishers.noBody())
            : request
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** A read in another media type than JSON. */
  HttpResponse<String> text(String path, String accept) throws IOException, InterruptedException {
    return user.send(
        request(path).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A peer that the node was told of. */
  Peer peer(NodeId peer) throws FailureException {
    return memory.peers().require(peer);
  }

  /** Who of its peers answers the node. */
  PeerReach reach() {
    return reach;
  }

  /** What another node is told. */
  Answer asNode(String method, String path) throws IOException, InterruptedException {
    return call(node, request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /** What the node's own commands are told. */
  Answer asLocal(String method, String path) throws Exception {
    Credentials commands = server.cluster().authority().issueLocal(server.address().node());
    try (HttpClient local = client(commands)) {
      return call(local, request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }
  }

  /** Stops the node. */
  void close() throws Exception {
    user.close();
    node.close();
    operations.close();
    server.close();
    database.close();
  }

  /** The node has one hook, {@code freeze}. */
  private void check(Policy policy) throws FailureException {
    new SnapshotHooks(
            self(),
            "tank",
            policies,
            () -> Map.of("freeze", new Hook(List.of("/bin/true"), Map.of(), Duration.ofSeconds(1))))
        .requireKnown(policy);
  }

  private List<Route> routes() throws IOException {
    Referral referral = new Referral(memory.peers());
    VolumeDocuments documents =
        new VolumeDocuments(
            memory.register(), MountStatus::of, volumes.confirmations(), memory.cursors());
    NodeRoutes.Identity identity =
        new NodeRoutes.Identity(
            self,
            BootId.current(),
            URI.create("https://127.0.0.1:4523"),
            VersionDocument.of("1.2.3", List.of()));
    return Stream.of(
            new NodeRoutes(identity, storage, () -> List.of(List.of(STUCK)), List::of).routes(),
            new PeerRoutes(memory.peers(), new Peers()).routes(),
            new VolumeRoutes(volumes, referral, documents).routes(),
            new SnapshotRoutes(volumes, referral, documents).routes(),
            new StateRoutes(
                    identity,
                    volumes,
                    documents,
                    operations,
                    this::reader,
                    () -> List.of(TRANSFER),
                    CONVERGENCE,
                    () -> List.of(COPY))
                .routes(),
            new ReplicationRoutes(volumes, policies, referral, () -> List.of(COPY), this::check)
                .routes(),
            new CopyRoutes(() -> List.of(COPY)).routes(),
            new ConfigurationRoutes(configuration, CONVERGENCE).routes(),
            new OperationRoutes(
                    operations, new NamedVolumes(volumes.catalog()::remembered), this::reader)
                .routes())
        .flatMap(List::stream)
        .toList();
  }

  private OperationReader reader(Principal caller) {
    return OperationReader.of(caller, kinds, permissions);
  }

  private final class Peers implements PeerRoutes.Listener {
    @Override
    public void left(NodeId peer) throws FailureException {
      memory.cursors().forget(peer);
    }

    @Override
    public Optional<Reach> reach(Peer peer) {
      return reach.of(peer);
    }
  }

  private static HttpClient client(Credentials credentials) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(credentials.sslContext())
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url().resolve(path)).timeout(PATIENCE);
  }

  private static Answer call(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.headers(), Json.read(response.body()));
  }
}
