package io.flocker.cli.daemon;

import io.flocker.cli.command.Version;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.deploy.converge.Convergence;
import io.flocker.core.event.EventHub;
import io.flocker.core.event.EventLimits;
import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.loop.Waker;
import io.flocker.core.loop.WakingEvents;
import io.flocker.core.notify.NodeStandings;
import io.flocker.core.operation.OperationEvents;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.Operations;
import io.flocker.core.os.BootTime;
import io.flocker.core.os.Holders;
import io.flocker.core.os.MountedDatasets;
import io.flocker.core.os.PassedSocket;
import io.flocker.core.os.RealPath;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerReach;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.LostPolicies;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredConfiguration;
import io.flocker.core.store.StoredEnds;
import io.flocker.core.store.StoredGrants;
import io.flocker.core.store.StoredJournals;
import io.flocker.core.store.StoredKeys;
import io.flocker.core.store.StoredOperations;
import io.flocker.core.store.StoredPolicies;
import io.flocker.core.store.StoredTold;
import io.flocker.core.volume.LeftoverSweep;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.NodeJournals;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.PoolClaim;
import io.flocker.core.volume.PoolWatch;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.http.api.BootId;
import io.flocker.http.api.NodeRoutes;
import io.flocker.http.api.VersionDocument;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.assembly.PublicApi;
import io.flocker.http.event.CheckedEvents;
import io.flocker.http.history.History;
import io.flocker.http.history.Look;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.http.metrics.Metrics;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServer;
import io.flocker.http.server.HttpsServerSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.transfer.assembly.ByteMover;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.confirm.Confirmer;
import io.flocker.transfer.deploy.PreparationRoutes;
import io.flocker.transfer.handoff.VolumeUsers;
import io.flocker.transfer.protocol.HttpPeerVolumes;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.route.TransferRoutes;
import io.flocker.transfer.verify.DigestService;
import io.flocker.transfer.verify.Verification;
import io.flocker.transfer.verify.VerifyRoutes;
import io.flocker.zfs.ZfsStorage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Puts a node together. One thread; used once.
 *
 * <p>In this order: who we are, whose pool it is, what peers can be asked, what is served. The port
 * listens whatever the pool holds; the volumes are mounted behind it.
 */
final class Assembly {
  /** How long a stop waits for operations; with all else it stays below 10 s. */
  private static final Duration GRACE = Duration.ofSeconds(4);

  private final NodeConfiguration configuration;
  private final ResourceStack closing;
  private List<Route> served = List.of();
  private Runnable reload = () -> {};

  /** The settings in force: some may change while the node runs. */
  private final AtomicReference<NodeConfiguration> settings;

  Assembly(NodeConfiguration configuration, ResourceStack closing) {
    this.configuration = configuration;
    this.settings = new AtomicReference<>(configuration);
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

  /** Takes up those of the settings that may change while the node runs. */
  Consumer<NodeConfiguration> settings() {
    return settings::set;
  }

  /** Starts it all; returns the node's signs of life. */
  Supervision.Vitals run() throws StartException, IOException, FailureException {
    Identity identity = Identity.of(configuration);
    NodeId self = identity.node();
    Metrics metrics = new Metrics();
    ZfsStorage storage = new ZfsStorage(Translation.zfs(configuration), metrics::ran);
    Database database = openDatabase();
    NodeJournals journals = journalsOf(database);
    EventHub events = closing.add(EventHub.start(new CheckedEvents(), EventLimits.usual()));
    Waker waker = new Waker();
    Notifying notifying = new Notifying(events);
    Replicating replicating = new Replicating(new WakingEvents(notifying, waker));
    EventLoops loops =
        closing.add(EventLoops.start(Math.max(1, Runtime.getRuntime().availableProcessors())));
    TlsContexts tls = closing.add(identity.tls(configuration.tls()));
    PeerClient client = closing.add(new PeerClient(loops, tls, PeerClientSettings.defaults()));
    CertificateReload certificates = new CertificateReload(identity, tls, client);
    reload = certificates::reload;
    NodeMemory memory =
        NodeMemory.open(
            configuration.state(),
            self,
            replicating,
            journals,
            new GrantKeeper(certificates::current, new StoredGrants(database), Clock.systemUTC()));
    // The kernel lists mounts without links; the root may be one to a larger disk.
    LocalNode home =
        new LocalNode(self, RealPath.of(configuration.mountRoot()), configuration.volumeMode());
    Action.message(
        MessageType.DAEMON_CAPABILITIES, Map.of("zfs", String.valueOf(storage.capabilities())));
    PoolClaim claim = new PoolClaim(storage, home, memory);
    claim.claimPool();
    claim.guardPool();

    PeerReach reach = new PeerReach(memory.peers(), replicating);
    PeerVolumes others = new HttpPeerVolumes(client, loops, memory.peers(), reach);
    NodeVolumes node =
        NodeVolumes.of(
            home,
            storage,
            memory,
            new SignedEpochs(memory.epochs()),
            Holders::beyond,
            (catalog, fencing, confirmations) ->
                closing.add(
                    new Confirmer(
                        self,
                        memory,
                        others,
                        catalog,
                        fencing,
                        confirmations,
                        configuration.ownership().confirmWait())),
            replicating);
    reach.onAnswer(node.clearance()::answered);
    VolumeMounter mounter = node.mounter();
    PoolWatch pool = new PoolWatch(claim, node, () -> MountedDatasets.ofPool(storage.poolName()));
    TransferBoard board = new TransferBoard(metrics::transferred);
    Policies policies = Policies.open(new StoredPolicies(database));
    SnapshotHooks hooks =
        new SnapshotHooks(
            self, storage.poolName(), policies, () -> settings.get().hooks().byName());
    ByteMover mover =
        ByteMover.of(
            node,
            new ReplicationTerms(
                policies, () -> Translation.floor(self, settings.get().replicas())),
            hooks,
            others,
            Translation.transfer(configuration.transfer()),
            board,
            configuration.transfer().concurrency(),
            VolumeUsers.OF_THIS_MACHINE);
    OperationKinds kinds = new OperationKinds();
    ConfigurationBook wish =
        ConfigurationBook.open(new StoredConfiguration(database), events, Clock.systemUTC());
    wish.onChange(waker::wake);
    Operations operations =
        new Operations(
            self,
            new StoredOperations(database),
            kinds,
            metrics.and(new OperationEvents(kinds, events)),
            Clock.systemUTC(),
            GRACE);
    DigestService digests = new DigestService(node, configuration.transfer().verifyRate());
    Verification verification = new Verification(node, mover.peers(), digests);
    Replication replication =
        replicating.of(
            node,
            mover.replicator(policies, verification),
            policies,
            database,
            configuration.transfer().concurrency());
    mover.onGone(replication::beginsAnew);
    LeftoverSweep sweep =
        new LeftoverSweep(
            node,
            work -> operations.isUnderWay(work) || replication.isUnderWay(work),
            Clock.systemUTC());
    VolumeDocuments documents =
        new VolumeDocuments(
            memory.register(),
            volume -> node.reverted().status(volume, mounter.status(volume)),
            node.confirmations(),
            memory.cursors());
    Address advertised = identity.address(configuration.advertise());
    DesiredState.Told desired =
        new DesiredState(configuration, self, advertised, closing)
            .convergence(
                wish, loops, mover, operations, documents, waker, new StoredEnds(database), events);
    PublicApi api =
        new PublicApi(
            new NodeRoutes.Identity(
                self,
                BootId.current(),
                advertised.url(),
                VersionDocument.of(Version.number(), List.of())),
            node,
            documents,
            operations,
            kinds,
            events,
            policies,
            wish,
            desired);
    TransferRoutes transferRoutes = mover.userRoutes(operations, documents);
    List<Route> routes = new ArrayList<>();
    NodeWarnings warnings =
        new NodeWarnings(
            certificates,
            node,
            notifying,
            new LostPolicies(node.catalog(), memory.grants(), policies));
    routes.add(metrics.route());
    Supplier<Look> looking = () -> Look.at(board::bytes, replication.status());
    History history = new History(Clock.systemUTC(), BootTime::nanos, looking.get());
    routes.add(history.route());
    routes.addAll(
        api.routes(
            new ApiHost(
                storage,
                warnings,
                board,
                node.bases(),
                sweep,
                mover,
                node.clearance(),
                replication,
                reach,
                hooks)));
    routes.addAll(transferRoutes.routes());
    routes.addAll(mover.ownershipRoutes(documents));
    routes.addAll(mover.otherRoutes(waker::wake));
    VerifyRoutes verifyRoutes =
        new VerifyRoutes(node, operations, digests, verification, replication::comparing);
    routes.addAll(verifyRoutes.routes());
    AttachedVolumes attached =
        new AttachedVolumes(configuration, node, mover, operations, documents, wish, advertised);
    routes.addAll(attached.routes().routes());
    routes.addAll(new PreparationRoutes(desired.preparation()).routes());
    Idempotency idempotency =
        new Idempotency(new StoredKeys(database), operations, Clock.systemUTC());
    served = api.served(routes, idempotency);
    transferRoutes.kinds().forEach(kinds::add);
    verifyRoutes.kinds().forEach(kinds::add);
    attached.routes().kinds().forEach(kinds::add);
    operations.recover();
    HttpsServer server =
        closing.add(
            HttpsServer.start(
                HttpsServerSettings.on(configuration.listen().lookUp())
                    .over(PassedSocket.take(System.getenv(), ProcessHandle.current().pid())),
                tls,
                loops,
                served,
                memory.peers()::isKnown,
                metrics));
    attached.serve(loops, closing);
    Gauges.measure(metrics, storage, board, events, server);
    Gauges.measure(metrics, storage, loops);
    Gauges.measure(metrics, pool, certificates);
    Gauges.measure(metrics, desired.convergence());
    Gauges.measure(metrics, replication);
    Gauges.measure(metrics, notifying);
    closing.add(operations);
    closing.add(replicating.start(replication));
    closing.add(replicating.tell(mover.news(), mover::isBack, policies));
    replicating.watch(replication, node, storage, closing);
    notifying.start(
        configuration.notifications(),
        self,
        new NodeStandings(replication, node.catalog(), Clock.systemUTC()),
        new StoredTold(database),
        closing);
    closing.add(RoundLoop.start("convergence", desired.convergence(), Convergence.JITTER, waker));
    Chores chores = new Chores(closing);
    chores.sample(history, looking);
    chores.forget(idempotency, operations);
    chores.recover(mover);
    chores.sweep(sweep, policies, memory.register());
    chores.watch(certificates, events);
    chores.watch(pool);
    Address listening = new Address(configuration.listen().host(), server.address().getPort());
    Action.message(
        MessageType.DAEMON_READY, Map.of("address", listening.toString(), "node", self.toString()));
    return new NodeVitals(loops, database, pool, board, storage);
  }

  /** Opens it; where there is none it may have been lost, and who the peers are with it. */
  private Database openDatabase() throws IOException, FailureException {
    if (Database.isMissing(configuration.state())) {
      PeerBook.forget(configuration.state());
    }
    return closing.add(Database.open(configuration.state()));
  }

  private NodeJournals journalsOf(Database database) throws IOException, FailureException {
    NodeJournals journals = StoredJournals.in(database, Clock.systemUTC());
    if (!journals.confirmations().list().isEmpty()) {
      PeerBook.forget(configuration.state()); // It had some, who have confirmed its volumes.
    }
    return journals;
  }
}
