package io.flocker.core.volume;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.Holder;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node with a pool in memory and its state in a folder. */
final class Pond {
  static final Holder HOLDER = new Holder(4_711, "postgres", "fd/7");

  /** Who uses what cannot be unmounted. */
  final List<Holder> users = new ArrayList<>(List.of(HOLDER));

  final NodeId self = NodeId.random();
  final NodeId other = NodeId.random();
  final FakeStorage storage = new FakeStorage();
  final Path folder;
  final Path state;
  final NodeVolumes node;
  final VolumeLocks locks;
  final FakeJournal journal = new FakeJournal();
  final FakeFolders folders = new FakeFolders();
  final SnapshotHolds holds;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final FakeRegister register = new FakeRegister();
  final EpochMemory epochs;
  final PeerBook peers;
  final PeerCursors cursors;
  final LocalNode home;
  final VolumeCatalog catalog;
  final Volumes volumes;
  final VolumeHistory history;
  final PeerBases bases;
  final Replicas replicas;
  final PoolClaim claim;
  final VolumeMounter mounter;
  Optional<String> objection = Optional.empty();

  Pond(Path folder) throws IOException {
    this(folder, new Faults());
  }

  /** The same, whose new volumes are for those whom {@code mode} says. */
  Pond(Path folder, VolumeMode mode) throws IOException {
    this(folder, new Faults(), mode);
  }

  /** The same, whose storage and journals fail where {@code faults} says. */
  Pond(Path folder, Faults faults) throws IOException {
    this(folder, faults, VolumeMode.ROOT_WRITES);
  }

  private Pond(Path folder, Faults faults, VolumeMode mode) throws IOException {
    Storage faulty = faults.before(Storage.class, storage);
    this.folder = folder;
    state = Files.createDirectories(folder.resolve("state"));
    home = new LocalNode(self, folder.resolve("flocker"), mode);
    NodeMemory memory =
        NodeMemory.open(
            state,
            self,
            EventSink.NONE,
            new NodeJournals(
                faults.before(VolumeRegister.class, register),
                faults.before(HoldJournal.class, journal),
                faults.before(ReleaseJournal.class, new FakeReleases()),
                faults.before(FolderJournal.class, folders),
                faults.before(ConfirmationJournal.class, new FakeConfirmations())),
            FakeGrants.keeper(self));
    node =
        NodeVolumes.of(
            home,
            faulty,
            memory,
            new SignedEpochs(memory.epochs()),
            _ -> List.copyOf(users),
            (_, _, _) -> _ -> objection,
            events::add);
    epochs = memory.epochs();
    peers = memory.peers();
    cursors = memory.cursors();
    locks = node.locks();
    holds = node.holds();
    bases = node.bases();
    catalog = node.catalog();
    volumes = node.volumes();
    history = node.history();
    replicas = node.replicas();
    claim = new PoolClaim(faulty, home, memory);
    mounter = node.mounter();
  }

  /** The full name of a dataset of {@code owner}. */
  static String dataset(NodeId owner, String volume) {
    return new DatasetName(owner, VolumeName.parse(volume)).in(FakeStorage.POOL);
  }

  /** Adds a dataset with a record, as a receive or a handoff left it. */
  String add(VolumeId lineage, long epoch, NodeId owner, OwnershipState state, String volume)
      throws FailureException {
    String name = dataset(owner, volume);
    storage.add(name);
    record(name, lineage, epoch, owner, state);
    return name;
  }

  void record(String name, VolumeId lineage, long epoch, NodeId owner, OwnershipState state)
      throws FailureException {
    Guid guid = storage.dataset(name).orElseThrow().guid();
    storage.setRecord(
        name,
        new OwnershipRecord(lineage, epoch, owner, state, UUID.randomUUID(), new Guid(0), guid));
  }
}
