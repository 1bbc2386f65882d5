package io.flocker.cli.daemon;

import io.flocker.cli.command.Version;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.event.EventHub;
import io.flocker.core.event.EventLimits;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.Logging;
import io.flocker.core.log.MessageType;
import io.flocker.core.operation.OperationEvents;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.Operations;
import io.flocker.core.os.Holders;
import io.flocker.core.os.MountedDatasets;
import io.flocker.core.os.RealPath;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.state.StateDisk;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredHolds;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.store.StoredVolumes;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.LeftoverSweep;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.PeerBases;
import io.flocker.core.volume.PoolClaim;
import io.flocker.core.volume.PoolWatch;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.SnapshotHolds;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHistory;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.Volumes;
import io.flocker.http.api.BootId;
import io.flocker.http.api.EventRoutes;
import io.flocker.http.api.NodeRoutes;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.PeerRoutes;
import io.flocker.http.api.Referral;
import io.flocker.http.api.SnapshotRoutes;
import io.flocker.http.api.StateRoutes;
import io.flocker.http.api.VersionDocument;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.api.VolumeRoutes;
import io.flocker.http.describe.DescriptionRoutes;
import io.flocker.http.event.CheckedEvents;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.http.metrics.Metrics;
import io.flocker.http.net.Buffers;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.Route;
import io.flocker.http.router.DeclaredPermissions;
import io.flocker.http.server.HttpsServer;
import io.flocker.http.server.HttpsServerSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.handoff.Acquisition;
import io.flocker.transfer.handoff.AwaitGrant;
import io.flocker.transfer.handoff.GrantDelivery;
import io.flocker.transfer.handoff.Handoff;
import io.flocker.transfer.handoff.VolumeUsers;
import io.flocker.transfer.handoff.WriteClearance;
import io.flocker.transfer.protocol.HttpPeerVolumes;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.push.OutgoingStream;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.push.SnapshotRetention;
import io.flocker.transfer.receive.IncomingTransfers;
import io.flocker.transfer.receive.ReplicaService;
import io.flocker.transfer.receive.UnannouncedStreams;
import io.flocker.transfer.route.InterNodeRoutes;
import io.flocker.transfer.route.LocalRoutes;
import io.flocker.transfer.route.TransferRoutes;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.zfs.ZfsStorage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Puts a node together. One thread; used once.
 *
 * <p>In this order: who we are, whose pool it is, what peers can be asked, what is served. The port
 * listens whatever the pool holds; the volumes are mounted behind it.
 */
final class Assembly {
  /** How long a stop waits for operations; with all else it stays below 10 s. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  /** Below what proxies and clients take for silence. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** Between two looks at the certificate files. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final NodeConfiguration configuration;
  private final ResourceStack closing;
  private List<Route> served = List.of();
  private Runnable reload = () -> {};

  Assembly(NodeConfiguration configuration, ResourceStack closing) {
    this.configuration = configuration;
    this.closing = closing;
  }

  /** What is served, once all is put together. */
  List<Route> served() {
    return served;
  }

  /** Reads anew what may change while the node runs. */
  Runnable reload() {
    return reload;
  }

  void run() throws StartException, IOException, FailureException {
    Identity identity = Identity.of(configuration);
    NodeId self = identity.node();
    Metrics metrics = new Metrics();
    ZfsStorage storage = new ZfsStorage(Translation.zfs(configuration), metrics::ran);
    Database database = closing.add(Database.open(configuration.state()));
    EventHub events = closing.add(EventHub.start(new CheckedEvents(), EventLimits.usual()));
    // The kernel lists mounts without links; the root may be one to a larger disk.
    LocalNode home = new LocalNode(self, RealPath.of(configuration.mountRoot()));
    EpochMemory epochs = EpochMemory.open(configuration.state());
    PeerBook peers = PeerBook.open(configuration.state(), self, events);
    PeerCursors cursors = PeerCursors.open(configuration.state());
    VolumeLocks locks = new VolumeLocks();
    StateDisk disk = new StateDisk(configuration.state());
    StoredVolumes register = new StoredVolumes(database, Clock.systemUTC());
    VolumeCatalog catalog = new VolumeCatalog(storage, self, epochs, events);
    StoredHolds journal = new StoredHolds(database);
    SnapshotHolds holds = new SnapshotHolds(storage, journal);
    PeerBases bases = new PeerBases(storage, cursors, holds, journal);
    Replicas replicas = new Replicas(storage, catalog, home, epochs, peers, register);
    Action.message(
        MessageType.DAEMON_CAPABILITIES, Map.of("zfs", String.valueOf(storage.capabilities())));
    PoolClaim claim = new PoolClaim(storage, home);
    claim.claimPool();
    claim.guardPool();

    EventLoops loops =
        closing.add(EventLoops.start(Math.max(1, Runtime.getRuntime().availableProcessors())));
    TlsContexts tls = closing.add(identity.tls(configuration.tls()));
    PeerClient client = closing.add(new PeerClient(loops, tls, PeerClientSettings.defaults()));
    CertificateReload certificates = new CertificateReload(identity, tls, client);
    reload = certificates::reload;
    PeerVolumes others = new HttpPeerVolumes(client, loops, peers, new PeerReach(events));
    VolumeMounter mounter =
        new VolumeMounter(
            storage, catalog, home, locks, new WriteClearance(peers, others::view, epochs));
    Volumes volumes =
        new Volumes(
            storage, catalog, home, cursors, locks, register, Holders::beyond, holds, mounter);
    VolumeHistory history =
        new VolumeHistory(storage, catalog, cursors, locks, Holders::beyond, holds, mounter);
    PoolWatch pool =
        new PoolWatch(
            storage.poolName(),
            claim,
            volumes,
            mounter,
            () -> MountedDatasets.ofPool(storage.poolName()));
    TransferSettings transfers = Translation.transfer(configuration.transfer());
    int limit = configuration.transfer().concurrency();
    TransferBoard board = new TransferBoard(metrics::transferred);
    SnapshotRetention keeping = new SnapshotRetention(catalog, cursors, bases, others);
    Push push =
        new Push(
            self,
            storage,
            catalog,
            locks,
            others,
            new OutgoingStream(storage, others, transfers, events, board, limit),
            holds,
            keeping);
    GrantDelivery granting =
        new GrantDelivery(self, storage, catalog, volumes, locks, others, cursors, bases, register);
    OperationKinds kinds = new OperationKinds();
    DeclaredPermissions permissions = new DeclaredPermissions();
    Function<Principal, OperationReader> readers =
        caller -> OperationReader.of(caller, kinds, permissions);
    Handoff handoff =
        new Handoff(
            storage,
            catalog,
            locks,
            home,
            others,
            push,
            granting,
            VolumeUsers.OF_THIS_MACHINE,
            mounter);
    Operations operations =
        new Operations(
            new StoredOperations(database),
            kinds,
            metrics.and(new OperationEvents(kinds, events)),
            Clock.systemUTC(),
            GRACE);
    LeftoverSweep sweep =
        new LeftoverSweep(
            storage,
            catalog,
            home,
            peers,
            cursors,
            locks,
            journal,
            operations::isUnderWay,
            Clock.systemUTC());
    VolumeDocuments documents = new VolumeDocuments(register, mounter::status);
    TransferRoutes transferRoutes =
        new TransferRoutes(operations, catalog, peers, documents, push, handoff);

    IncomingTransfers incoming =
        new IncomingTransfers(storage, replicas, locks, transfers, events, board, limit);
    List<Route> routes = new ArrayList<>();
    NodeWarnings warnings = new NodeWarnings(certificates, disk, mounter);
    Referral referral = new Referral(peers);
    NodeRoutes.Identity shown =
        new NodeRoutes.Identity(
            self,
            BootId.current(),
            identity.address(configuration.advertise()).url(),
            VersionDocument.of(Version.number(), List.of()));
    routes.add(metrics.route());
    routes.addAll(nodeRoutes(shown, storage, warnings).routes());
    routes.addAll(
        new StateRoutes(shown, storage, catalog, documents, operations, readers, board::running)
            .routes());
    routes.addAll(
        new PeerRoutes(
                peers,
                peer -> {
                  bases.takenOut(peer);
                  sweep.releaseHolds();
                })
            .routes());
    routes.addAll(new VolumeRoutes(catalog, volumes, referral, documents).routes());
    routes.addAll(new SnapshotRoutes(catalog, volumes, history, referral, documents).routes());
    routes.addAll(new OperationRoutes(operations, readers).routes());
    routes.addAll(new EventRoutes(events, permissions, HEARTBEAT).routes());
    routes.addAll(transferRoutes.routes());
    routes.addAll(
        new LocalRoutes(
                catalog,
                volumes,
                new AwaitGrant(self, catalog, others),
                new UnannouncedStreams(self, storage, catalog, locks, transfers))
            .routes());
    routes.addAll(
        new InterNodeRoutes(
                incoming,
                new ReplicaService(storage, catalog, epochs, locks, incoming::arriving),
                new Acquisition(
                    storage, catalog, volumes, replicas, locks, home, cursors, register, disk))
            .routes());
    Idempotency idempotency =
        new Idempotency(new StoredKeys(database), operations, Clock.systemUTC());
    served = idempotency.over(new DescriptionRoutes(Version.number()).over(routes));
    permissions.declare(served);
    transferRoutes.kinds().forEach(kinds::add);
    operations.recover();
    HttpsServer server =
        closing.add(
            HttpsServer.start(
                HttpsServerSettings.on(configuration.listen().lookUp()),
                tls,
                loops,
                served,
                metrics));
    measure(metrics, storage, board, events, server);
    metrics.gauge(
        "flocker_pool_mounted_datasets",
        "Datasets of the pool that are mounted, by the last look",
        pool::mounted);
    metrics.gauge(
        "flocker_certificate_refused",
        "Whether there are new certificates that cannot be used",
        () -> certificates.warning().isPresent() ? 1 : 0);
    metrics.gauge(
        "flocker_certificate_end_timestamp_seconds",
        "When the node's certificate ends, in seconds since 1970",
        () -> certificates.current().certificate().getNotAfter().toInstant().getEpochSecond());
    closing.add(operations);
    closing.add(
        Background.start(
            "store-upkeep",
            () -> {
              idempotency.upkeep();
              operations.upkeep();
              return true;
            }));
    closing.add(
        Background.start(
            "handoff-recovery",
            () -> {
              int _ = granting.recover();
              return true; // A later handoff may outlast its own patience.
            }));
    closing.add(
        Background.start(
            "leftover-sweep",
            () -> {
              sweep.round();
              return true;
            }));
    closing.add(Background.start("certificate-reload", LOOK, certificates));
    closing.add(
        Background.start(
            "certificate-watch",
            Duration.ofDays(1),
            new CertificateWatch(certificates::current, events)));
    closing.add(
        Background.start(
            "pool-watch",
            () -> {
              pool.look();
              return true;
            }));
    Address listening = new Address(configuration.listen().host(), server.address().getPort());
    Action.message(
        MessageType.DAEMON_READY, Map.of("address", listening.toString(), "node", self.toString()));
  }

  private static void measure(
      Metrics metrics,
      ZfsStorage storage,
      TransferBoard board,
      EventHub events,
      HttpsServer server) {
    metrics.transferBytes(board::bytes);
    metrics.gauge(
        "flocker_zfs_stuck_commands",
        "Commands that not even KILL could end",
        () -> storage.stuckChildren().size());
    metrics.gauge(
        "flocker_http_connections", "Connections that are open", () -> server.connections());
    metrics.gauge(
        "flocker_event_listeners", "Connections that events are sent to", events::listeners);
    metrics.gauge(
        "flocker_direct_memory_bytes",
        "Memory outside of the heap that buffers take",
        () -> (double) Buffers.directMemoryBytes());
    metrics.counter(
        "flocker_log_dropped_messages",
        "Messages that the log has lost",
        () -> (double) Logging.dropped());
  }

  private static NodeRoutes nodeRoutes(
      NodeRoutes.Identity identity, ZfsStorage storage, NodeWarnings warnings) {
    return new NodeRoutes(
        identity,
        storage,
        () ->
            storage.stuckChildren().stream()
                .map(stuck -> List.of(stuck.command().split(" ")))
                .toList(),
        warnings);
  }
}
