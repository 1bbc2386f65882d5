package io.flocker.benchmarks.control;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.LogLevel;
import io.flocker.core.log.LogTarget;
import io.flocker.core.log.Logging;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationObserver;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.Operations;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredGrants;
import io.flocker.core.store.StoredJournals;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.BootId;
import io.flocker.http.api.NamedVolumes;
import io.flocker.http.api.NodeRoutes;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.Parameters;
import io.flocker.http.api.PeerRoutes;
import io.flocker.http.api.Referral;
import io.flocker.http.api.VersionDocument;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.api.VolumeRoutes;
import io.flocker.http.describe.DescriptionRoutes;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.http.net.EventLoops;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServer;
import io.flocker.http.server.HttpsServerSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsSettings;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The product's server, routes, log and store, over a storage that knows 1,000 datasets and starts
 * no command to tell of them. Runs until its stdin ends.
 */
public final class ControlServer {
  static final int VOLUMES = 1_000;
  static final String WORK = "/v1/work/{id}";

  private static final String POOL = "tank";
  private static final long MEBIBYTE = 1 << 20;
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeId self;
  private final Path folder;
  private final Storage storage;
  private final Operations operations;
  private final Database database;

  /** A server that is not served yet, with its state in {@code folder}. */
  ControlServer(NodeId self, Path folder) throws Exception {
    this.self = self;
    this.folder = folder;
    this.storage = storage(datasets(self));
    this.database = Database.open(folder);
    this.operations =
        new Operations(
            self,
            new StoredOperations(database),
            new OperationKinds(),
            OperationObserver.NONE,
            InstantSource.system(),
            GRACE);
  }

  /**
   * Runs one.
   *
   * @param arguments the folder of the certificates, the node's uuid, a folder for its state
   */
  public static void main(String... arguments) throws Exception {
    PrintStream told = System.out; // The log takes its place.
    Path certificates = Path.of(arguments[0]);
    NodeId self = NodeId.parse(arguments[1]);
    Path folder = Path.of(arguments[2]);
    Logging _ =
        Logging.start(
            new LogTarget.File(folder.resolve("flockerd.log")),
            LogLevel.INFO,
            thread -> thread.getName().startsWith("http-loop"));
    CredentialFiles files = CredentialFiles.in(certificates, "node-" + self);
    Credentials credentials =
        Credentials.load(
            CredentialFiles.in(certificates, CertificateAuthority.FILE_NAME).certificate(),
            files.certificate(),
            files.key());
    HttpsServer server =
        HttpsServer.start(
            settings(),
            TlsContexts.of(TlsSettings.defaults(), credentials),
            EventLoops.start(Runtime.getRuntime().availableProcessors()),
            new ControlServer(self, folder).routes());
    told.println(server.address().getPort());
    told.flush();
    int _ = System.in.read();
    Runtime.getRuntime().halt(0);
  }

  /** Those of the product, but for how soon a connection has had its share. */
  private static HttpsServerSettings settings() {
    HttpsServerSettings usual =
        HttpsServerSettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    HttpsServerSettings.Limits limits = usual.limits();
    return usual.with(
        new HttpsServerSettings.Limits(
            limits.connections(),
            limits.handshakes(),
            limits.handshakesOfAddress(),
            Integer.MAX_VALUE,
            limits.concurrentRequests(),
            limits.bodyBytes(),
            limits.bodyBudgetBytes()));
  }

  /** All that it serves. */
  List<Route> routes() throws Exception {
    NodeMemory memory =
        NodeMemory.open(
            folder,
            self,
            EventSink.NONE,
            StoredJournals.in(database, InstantSource.system()),
            new GrantKeeper(
                () -> {
                  throw new IllegalStateException("no volume changes hands here");
                },
                new StoredGrants(database),
                InstantSource.system()));
    NodeVolumes node =
        NodeVolumes.of(
            new LocalNode(self, folder, VolumeMode.ROOT_WRITES),
            storage,
            memory,
            new SignedEpochs(memory.epochs()),
            _ -> List.of(),
            Clearance.Maker.NONE,
            EventSink.NONE);
    Referral referral = new Referral(memory.peers());
    NodeRoutes.Identity identity =
        new NodeRoutes.Identity(
            self,
            BootId.current(),
            URI.create("https://127.0.0.1:4523"),
            VersionDocument.of("0", List.of()));
    List<Route> routes = new ArrayList<>();
    routes.addAll(new NodeRoutes(identity, storage, List::of, List::of).routes());
    routes.addAll(new PeerRoutes(memory.peers(), _ -> {}).routes());
    routes.addAll(
        new VolumeRoutes(
                node,
                referral,
                new VolumeDocuments(
                    memory.register(), MountStatus::of, node.confirmations(), memory.cursors()))
            .routes());
    routes.addAll(
        new OperationRoutes(
                operations, new NamedVolumes(node.catalog()::remembered), OperationReader::ofOwn)
            .routes());
    routes.add(
        JsonRoute.post("startWork", WORK)
            .permits("volume:push", Route.PUBLIC)
            .summary("Start what ends at once")
            .description("A push without anything to send.")
            .heeds(Parameters.VOLUME)
            .takes("push-request")
            .starts()
            .servedBy(this::work));
    Idempotency idempotency =
        new Idempotency(new StoredKeys(database), operations, InstantSource.system());
    return idempotency.over(new DescriptionRoutes("0").over(routes));
  }

  private JsonResponse work(JsonRequest request) throws FailureException {
    return OperationRoutes.accepted(
        operations.start(
            "push",
            request.caller(),
            Optional.of(request.variable("id", VolumeId::parse)),
            Map.of("peer", request.body().path("peer").asString()),
            _ -> Map.of()));
  }

  private static Storage storage(List<Dataset> datasets) {
    Map<String, Dataset> byName = new HashMap<>();
    datasets.forEach(dataset -> byName.put(dataset.name(), dataset));
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "datasets" -> datasets;
                  case "heads" -> datasets.stream().map(Dataset::head).toList();
                  case "dataset" -> Optional.ofNullable(byName.get((String) arguments[0]));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static List<Dataset> datasets(NodeId self) {
    return IntStream.range(0, VOLUMES).mapToObj(i -> dataset(self, i)).toList();
  }

  private static Dataset dataset(NodeId self, int number) {
    VolumeName name = VolumeName.parse("default.volume-%04d".formatted(number));
    Guid guid = new Guid(0x9e3779b97f4a7c15L * (number + 1));
    VolumeId id = VolumeId.parse(new UUID(guid.bits(), number).toString());
    Snapshot snapshot =
        new Snapshot("before-upgrade", guid, number, Instant.parse("2026-11-24T18:30:00Z"));
    return new Dataset(
        new DatasetName(self, name).in(POOL),
        guid,
        Optional.of(
            new OwnershipRecord(
                id, 1, self, OwnershipState.OWNED, UUID.randomUUID(), Guid.NONE, guid)),
        true,
        Optional.of(Path.of("/flocker", name.toString())),
        false,
        List.of(),
        number * MEBIBYTE,
        number * MEBIBYTE / 2,
        0,
        Optional.empty(),
        List.of(snapshot),
        List.of(),
        false,
        Optional.empty(),
        OptionalLong.empty(),
        Map.of());
  }
}
