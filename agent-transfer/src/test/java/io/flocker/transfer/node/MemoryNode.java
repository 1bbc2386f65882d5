package io.flocker.transfer.node;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.FileSystem;
import io.flocker.core.os.Holder;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.peer.Takeover;
import io.flocker.core.replicate.hook.Hook;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.FakePolicyStore;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.FakeConfirmations;
import io.flocker.core.volume.FakeFolders;
import io.flocker.core.volume.FakeJournal;
import io.flocker.core.volume.FakeRegister;
import io.flocker.core.volume.FakeReleases;
import io.flocker.core.volume.FolderJournal;
import io.flocker.core.volume.HoldJournal;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.NodeJournals;
import io.flocker.core.volume.NodeMemory;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.ReleaseJournal;
import io.flocker.core.volume.SignedEpochs;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMode;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.core.volume.Volumes;
import io.flocker.core.volume.ownership.EpochDecider;
import io.flocker.transfer.assembly.ByteMover;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.confirm.ConfirmationService;
import io.flocker.transfer.confirm.Confirmer;
import io.flocker.transfer.deploy.WishedPolicies;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.handoff.Acquisition;
import io.flocker.transfer.handoff.GrantDelivery;
import io.flocker.transfer.handoff.Handoff;
import io.flocker.transfer.handoff.VolumeUsers;
import io.flocker.transfer.push.PolicyNews;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.receive.IncomingTransfers;
import io.flocker.transfer.receive.ReplicaService;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.verify.DigestService;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A node: the real classes, put together as the daemon does it. */
public final class MemoryNode implements VolumeUsers {
  /** Pools of one test make guids of their own. */
  private static final long GUIDS_EACH = 1L << 32;

  /** How long a peer that does not answer is waited for. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  private static final AtomicLong POOLS = new AtomicLong();

  private final Path folder;
  private final IoEventLoop loop;
  private final int limit;
  private final TransferSettings settings;
  private final NodeJournals journals;

  public final NodeId id;
  public final MemoryPool pool;
  public final FakeStorage fake;
  public final MemoryLinks links;
  public final LocalNode home;
  public final EpochMemory epochs;
  public final PeerBook peers;
  public final PeerCursors cursors;
  public final NodeVolumes parts;
  public final VolumeLocks locks;
  public final VolumeCatalog catalog;
  public final VolumeMounter mounter;
  public final FakeRegister register;
  public final FakeReleases releases;
  public final FakeGrants grants = new FakeGrants();
  public final Volumes volumes;
  public final TransferBoard board = new TransferBoard((_, _, _) -> {});
  public final Push push;
  public final PolicyNews news;
  public final Handoff handoff;
  public final GrantDelivery delivery;
  public final IncomingTransfers incoming;
  public final ReplicaService replicas;
  public final Acquisition acquisition;
  public final ConfirmationService confirmation;
  public final FindService find;
  public final DigestService digests;
  public final Clearance confirmer;
  public final Policies policies;
  public final WishedPolicies wished;

  /** Answers a peer that asks this node to give a volume away. */
  @FunctionalInterface
  public interface Giver {
    void give(NodeId to, VolumeId volume) throws FailureException, InterruptedException;
  }

  /** What this node does when it is asked for a volume: nothing, unless a test gives it one. */
  public volatile Giver giver =
      (_, volume) -> {
        throw OwnershipFailure.KEPT_BY_OWNER.because(volume + " is given to nobody");
      };

  /** Who agrees to this node's epochs: it itself, unless a test says somebody else. */
  public volatile EpochDecider decider;

  /** What this node does for others as the keeper of copies. */
  public volatile ReceiverFloor.Terms terms = ReceiverFloor.Terms.NONE;

  /** The commands of this node's settings. */
  public volatile Map<String, Hook> hooks = Map.of();

  /**
   * What happens just before this node writes something down, or reads what it wrote; but for what
   * peers confirm, which is done in the background.
   */
  public volatile MemoryPool.Fault beforeJournal = (_, _) -> {};

  /** What this node has told of its volumes and streams. */
  public final List<Event> events = new CopyOnWriteArrayList<>();

  /** Who uses a volume before it is unmounted. */
  public final List<Holder> usersBefore = new ArrayList<>();

  /** Who uses it still, once it is. */
  public final List<Holder> usersAfter = new ArrayList<>();

  /**
   * A node without peers.
   *
   * @param folder of its own
   * @param loop where its streams live
   * @param limit how many streams it takes and sends at once
   */
  public MemoryNode(Path folder, IoEventLoop loop, int limit, TransferSettings settings)
      throws IOException, FailureException {
    this(
        folder,
        loop,
        limit,
        settings,
        NodeId.random(),
        new MemoryPool(POOLS.incrementAndGet() * GUIDS_EACH),
        new NodeJournals(
            new FakeRegister(),
            new FakeJournal(),
            new FakeReleases(),
            new FakeFolders(),
            new FakeConfirmations()),
        Policies.open(new FakePolicyStore()),
        WAIT);
  }

  private MemoryNode(
      Path folder,
      IoEventLoop loop,
      int limit,
      TransferSettings settings,
      NodeId id,
      MemoryPool pool,
      NodeJournals journals,
      Policies policies,
      Duration wait)
      throws IOException, FailureException {
    Files.createDirectories(folder);
    this.folder = folder;
    this.loop = loop;
    this.limit = limit;
    this.settings = settings;
    this.id = id;
    this.pool = pool;
    fake = pool.fake;
    register = (FakeRegister) journals.register();
    releases = (FakeReleases) journals.releases();
    home = new LocalNode(id, folder.resolve("mounts"), VolumeMode.ROOT_WRITES);
    this.journals = journals;
    NodeMemory memory =
        NodeMemory.open(folder, id, EventSink.NONE, breakable(journals), grants.keptBy(id));
    decider = new SignedEpochs(memory.epochs());
    links = new MemoryLinks(id, loop);
    parts =
        NodeVolumes.of(
            home,
            pool.storage,
            memory,
            (known, next) -> decider.agree(known, next),
            _ -> List.of(),
            (catalog, fencing, confirmations) ->
                new Confirmer(id, memory, links, catalog, fencing, confirmations, wait),
            events::add);
    confirmer = parts.clearance();
    confirmation = new ConfirmationService(parts);
    find = new FindService(parts);
    digests = new DigestService(parts, Long.MAX_VALUE);
    epochs = memory.epochs();
    peers = memory.peers();
    cursors = memory.cursors();
    locks = parts.locks();
    catalog = parts.catalog();
    mounter = parts.mounter();
    volumes = parts.volumes();
    this.policies = policies;
    ReplicationTerms replication =
        new ReplicationTerms(policies, () -> new ReceiverFloor(id, terms, Map.of()));
    ByteMover mover =
        ByteMover.of(
            parts,
            replication,
            new SnapshotHooks(id, folder.toString(), policies, () -> hooks),
            links,
            settings,
            board,
            limit,
            this);
    push = mover.push();
    news = mover.news();
    handoff = mover.handoff();
    delivery = mover.delivery();
    incoming = mover.incoming();
    replicas = mover.replicas();
    acquisition = mover.acquisition();
    wished = mover.policies();
  }

  private NodeJournals breakable(NodeJournals all) {
    return new NodeJournals(
        breakable(VolumeRegister.class, all.register()),
        breakable(HoldJournal.class, all.holds()),
        breakable(ReleaseJournal.class, all.releases()),
        breakable(FolderJournal.class, all.folders()),
        all.confirmations());
  }

  private <T> T breakable(Class<T> port, T journal) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, given) -> {
              Object[] arguments = given == null ? new Object[0] : given;
              beforeJournal.before(method.getName(), arguments);
              return MemoryPool.ask(journal, method, arguments);
            }));
  }

  /** The daemon that comes after this one, which does nothing any more. */
  public MemoryNode successor(MemoryNode peer) throws IOException, FailureException {
    return successor(peer, WAIT);
  }

  /** The same, which waits so long for a peer that does not answer. */
  public MemoryNode successor(MemoryNode peer, Duration wait) throws IOException, FailureException {
    MemoryNode next =
        new MemoryNode(folder, loop, limit, settings, id, pool, journals, policies, wait);
    next.links.learn(peer);
    peer.links.learn(next);
    return next;
  }

  /** The successor after the pool's record and the state have gone back to an earlier day. */
  public MemoryNode restored(MemoryNode peer, Volume before, Duration wait)
      throws IOException, FailureException {
    String dataset = catalog.require(before.id()).dataset().name();
    fake.setRecord(dataset, before.dataset().record().orElseThrow());
    Files.delete(folder.resolve(EpochMemory.FILE));
    return successor(peer, wait);
  }

  /** Writes onto a dataset what it bore as the first copy of a volume, before anybody took that. */
  public void recordFirstOwner(String dataset, VolumeId volume, NodeId owner)
      throws FailureException {
    Guid guid = fake.dataset(dataset).orElseThrow().guid();
    fake.setRecord(
        dataset,
        new OwnershipRecord(
            volume, 0, owner, OwnershipState.OWNED, UUID.randomUUID(), new Guid(0), guid));
  }

  /** The same after the state has not gone back, but is lost: nobody knows the peers any more. */
  public MemoryNode forgetful(MemoryNode peer, Volume before, Duration wait)
      throws IOException, FailureException {
    Files.delete(folder.resolve(PeerBook.FILE));
    PeerBook.forget(folder);
    return restored(peer, before, wait);
  }

  /** Tells this node where another one is. */
  public void learn(MemoryNode other) throws FailureException {
    links.learn(other);
    boolean _ =
        peers.put(new Peer(other.id, List.of(Address.parse("localhost:1")), Takeover.NEVER));
  }

  /** Tries to mount what this node owns, as it does all the time; tells whether any is left. */
  public boolean mount() throws FailureException, InterruptedException {
    mounter.wantAll();
    return mounter.mountWanted();
  }

  /** A volume that this node owns, mounted. */
  public Volume create(String name) throws FailureException {
    return volumes.create(VolumeName.parse(name), Optional.empty(), 0);
  }

  void give(NodeId to, VolumeId volume) throws FailureException {
    try {
      giver.give(to, volume);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public FileSystem mountedAt(Path mountpoint) {
    return new FileSystem(mountpoint.hashCode(), "zfs " + mountpoint);
  }

  @Override
  public List<Holder> beyond(Path mountpoint) {
    return List.copyOf(usersBefore);
  }

  @Override
  public List<Holder> of(FileSystem unmounted) {
    return List.copyOf(usersAfter);
  }
}
