package io.flocker.core.storage;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.MountedDatasets;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.stream.StreamInspector;
import io.flocker.core.volume.MountFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pool in memory, without streams: datasets, snapshots, records, holds, and mounts that make
 * their folders for real. Any thread may call.
 */
public final class FakeStorage implements Storage {
  /** What tokens say, which any node may read. */
  private static final Map<String, ResumeState> TOKENS = new ConcurrentHashMap<>();

  private final Set<String> encrypted = new HashSet<>();
  private volatile long freeBytes = 1L << 29;
  private final Set<String> inheriting = new HashSet<>();
  private final Set<String> locked = new HashSet<>();

  /** Name of the pool. */
  public static final String POOL = "tank";

  private final Map<String, FakeDataset> datasets = new LinkedHashMap<>();
  private final List<String> changes = new ArrayList<>();
  private Capabilities capabilities =
      new Capabilities("fake", Set.of(), Set.of(), Set.of(), true, true, false);
  private Optional<NodeId> node = Optional.empty();

  /** What a dataset takes when there is nothing in it yet. */
  private static final long EMPTY_BYTES = 1 << 10;

  private Optional<FailureException> mountFailure = Optional.empty();
  private Optional<FailureException> recordFailure = Optional.empty();
  private boolean isFailedRecordWritten;
  private boolean isGuardRefused;
  private boolean areTagsSecret;
  private boolean hasCleanRanges = true;
  private boolean isAway;
  private long clock;
  private int listings;
  private int looks;

  /** The only pool of a test. */
  public FakeStorage() {
    this(0);
  }

  /**
   * One of several pools whose guids are to differ.
   *
   * @param before the guid before its first one
   */
  public FakeStorage(long before) {
    this.clock = before;
  }

  /** Every command that changed something, in order, such as {@code snapshot tank/a@b}. */
  public synchronized List<String> changes() {
    return List.copyOf(changes);
  }

  /** All that the pool holds, to be compared. */
  public synchronized List<String> state() {
    return Stream.concat(
            Stream.of("pool of " + node), datasets.values().stream().map(FakeDataset::state))
        .toList();
  }

  /** Takes the pool away, with all its mounts. */
  public synchronized void export() {
    datasets.values().forEach(dataset -> dataset.isMounted = false);
    isAway = true;
  }

  /** Brings the pool back, with nothing mounted. */
  public synchronized void importAgain() {
    isAway = false;
  }

  /** What is mounted, as the kernel's table tells it. */
  public synchronized MountedDatasets mounts() {
    return new MountedDatasets(
        names(dataset -> dataset.isMounted),
        names(dataset -> dataset.isMounted && dataset.isReadonly));
  }

  private Set<String> names(Predicate<FakeDataset> which) {
    return datasets.entrySet().stream()
        .filter(dataset -> which.test(dataset.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void requirePool() throws FailureException {
    if (isAway) {
      throw StorageFailure.POOL_UNAVAILABLE.because("the pool is not imported");
    }
  }

  /** How often one dataset was asked for. */
  public synchronized int looks() {
    return looks;
  }

  /** How often the whole pool was asked for. */
  public synchronized int listings() {
    return listings;
  }

  /** Makes the next writing of a record fail, after all or before anything was written. */
  public synchronized void failNextRecord(FailureException failure, boolean isWritten) {
    recordFailure = Optional.of(failure);
    isFailedRecordWritten = isWritten;
  }

  /** Forgets every dataset, for the next test. */
  public synchronized void clear() {
    datasets.clear();
  }

  /** Adds a dataset without a record, as somebody else may have made it. */
  public synchronized void add(String dataset) {
    datasets.put(dataset, new FakeDataset(dataset, new Guid(++clock)));
  }

  /** Makes {@link #guardPool} fail. */
  public synchronized void refuseGuard() {
    isGuardRefused = true;
  }

  /** Tells how many holds there are, as zfs-fuse does, and not which. */
  public synchronized void keepTagsSecret() {
    areTagsSecret = true;
  }

  /** Gives a dataset a record that this version cannot read. */
  public synchronized void setRecordUnreadable(String dataset) throws FailureException {
    existing(dataset).isRecordUnreadable = true;
  }

  /** Makes unmounting fail while {@code isBusy}. */
  public synchronized void setBusy(String dataset, boolean isBusy) throws FailureException {
    existing(dataset).isBusy = isBusy;
  }

  /** Pretends that the dataset's content takes so much. */
  public synchronized void setReferenced(String dataset, long bytes) throws FailureException {
    existing(dataset).referencedBytes = bytes;
  }

  /** Pretends that other datasets live below. */
  public synchronized void setChildren(String dataset, boolean hasChildren)
      throws FailureException {
    existing(dataset).hasChildren = hasChildren;
  }

  /** Sets what the pool can do. */
  public synchronized void setCapabilities(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  /** Makes the next mount fail. */
  public synchronized void failNextMount(FailureException failure) {
    mountFailure = Optional.of(failure);
  }

  /** Whether nothing mounts the dataset at boot. */
  public synchronized boolean isAutomountForbidden(String dataset) throws FailureException {
    return existing(dataset).isAutomountForbidden;
  }

  /** The tags of a snapshot's holds. */
  public synchronized Set<String> holds(String dataset, String snapshot) throws FailureException {
    return Set.copyOf(existing(dataset).holdsOf(snapshot));
  }

  /** Puts a snapshot there that came with a stream, and its dataset, if that is new. */
  public synchronized void receive(String dataset, String snapshot, Guid guid)
      throws FailureException {
    if (!datasets.containsKey(dataset)) {
      add(dataset);
    }
    if (existing(dataset).snapshots.containsKey(snapshot)) {
      throw TransferFailure.DESTINATION_EXISTS.because(dataset + "@" + snapshot + " exists");
    }
    long txg = ++clock;
    existing(dataset)
        .snapshots
        .put(snapshot, new Snapshot(snapshot, guid, txg, Instant.ofEpochSecond(txg)));
    changes.add("receive " + dataset + "@" + snapshot);
  }

  @Override
  public synchronized Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public String poolName() {
    return POOL;
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  /** Has the pool of 1 GiB no more room than that. */
  public void leaveFree(long bytes) {
    freeBytes = bytes;
  }

  @Override
  public synchronized Pool pool() throws FailureException {
    requirePool();
    return new Pool(POOL, 1L << 30, freeBytes(), "ONLINE", node);
  }

  @Override
  public synchronized void markPool(NodeId owner) {
    node = Optional.of(owner);
    changes.add("mark " + owner);
  }

  @Override
  public synchronized List<Dataset> datasets() throws FailureException {
    requirePool();
    listings++;
    return datasets.values().stream().map(FakeDataset::view).toList();
  }

  @Override
  public synchronized List<DatasetHead> heads() throws FailureException {
    requirePool();
    listings++;
    return datasets.values().stream().map(FakeDataset::view).map(Dataset::head).toList();
  }

  @Override
  public synchronized Optional<Dataset> dataset(String name) throws FailureException {
    requirePool();
    looks++;
    return Optional.ofNullable(datasets.get(name)).map(FakeDataset::view);
  }

  @Override
  public synchronized void guardPool() throws FailureException {
    if (isGuardRefused) {
      throw StorageFailure.ZFS_FAILED.because("cannot set property");
    }
    changes.add("guard");
  }

  @Override
  public synchronized void create(String dataset, Path mountpoint, long quotaBytes)
      throws FailureException {
    if (datasets.containsKey(dataset)) {
      throw StorageFailure.DATASET_EXISTS.because(dataset + " exists");
    }
    requireRoom(quotaBytes);
    add(dataset);
    FakeDataset made = existing(dataset);
    made.mountpoint = Optional.of(mountpoint);
    made.quotaBytes = quotaBytes;
    made.isAutomountForbidden = true;
    changes.add("create " + dataset);
  }

  @Override
  public synchronized void cloneSnapshot(
      String dataset, String snapshot, String clone, long quotaBytes) throws FailureException {
    if (datasets.containsKey(clone)) {
      throw StorageFailure.DATASET_EXISTS.because(clone + " exists");
    }
    requireRoom(quotaBytes);
    add(clone);
    FakeDataset made = existing(clone);
    made.origin = Optional.of(dataset + "@" + snapshot);
    made.quotaBytes = quotaBytes;
    made.isAutomountForbidden = true;
    changes.add("clone " + dataset + "@" + snapshot + " " + clone);
  }

  /** In the words of ZFS, which says nothing of the quota. */
  private static void requireRoom(long quotaBytes) throws FailureException {
    if (quotaBytes > 0 && quotaBytes < EMPTY_BYTES) {
      throw StorageFailure.NO_SPACE.because("out of space");
    }
  }

  @Override
  public synchronized void rollBack(String dataset, String snapshot, boolean isNewerLost)
      throws FailureException {
    FakeDataset rolled = existing(dataset);
    if (rolled.isMounted) {
      throw StorageFailure.DATASET_BUSY.because(dataset + " is mounted");
    }
    Snapshot target = rolled.snapshots.get(snapshot);
    if (target == null) {
      throw StorageFailure.DATASET_NOT_FOUND.because("no " + dataset + "@" + snapshot);
    }
    List<String> newer =
        rolled.snapshots.values().stream()
            .filter(other -> other.createtxg() > target.createtxg())
            .map(Snapshot::name)
            .toList();
    boolean isAnyNewer =
        !newer.isEmpty()
            || rolled.bookmarks.values().stream()
                .anyMatch(bookmark -> bookmark.createtxg() > target.createtxg());
    if (isAnyNewer && !isNewerLost) {
      throw StorageFailure.ZFS_FAILED.because("more recent snapshots or bookmarks exist");
    }
    rolled.bookmarks.values().removeIf(bookmark -> bookmark.createtxg() > target.createtxg());
    for (String name : newer) {
      destroySnapshot(dataset, name);
    }
    changes.add("rollback " + dataset + "@" + snapshot);
  }

  @Override
  public synchronized Map<String, Holds> holds(String dataset) throws FailureException {
    Map<String, Holds> held = new TreeMap<>();
    existing(dataset)
        .holds
        .forEach((snapshot, tags) -> {
          if (!tags.isEmpty()) {
            held.put(snapshot, new Holds(tags.size(), areTagsSecret ? Set.of() : Set.copyOf(tags)));
          }
        });
    return held;
  }

  @Override
  public synchronized void setQuota(String dataset, long quotaBytes) throws FailureException {
    existing(dataset).quotaBytes = quotaBytes;
    existing(dataset).keptQuotaBytes = OptionalLong.empty();
    changes.add("quota " + quotaBytes + " " + dataset);
  }

  @Override
  public synchronized void setRecord(String dataset, OwnershipRecord record)
      throws FailureException {
    Optional<FailureException> failure = recordFailure;
    recordFailure = Optional.empty();
    if (failure.isEmpty() || isFailedRecordWritten) {
      existing(dataset).record = Optional.of(record);
      changes.add("record " + dataset);
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  @Override
  public synchronized void removeRecord(String dataset) throws FailureException {
    existing(dataset).record = Optional.empty();
    changes.add("no record " + dataset);
  }

  @Override
  public synchronized Snapshot snapshot(String dataset, String snapshot) throws FailureException {
    FakeDataset owner = existing(dataset);
    if (owner.snapshots.containsKey(snapshot)) {
      throw StorageFailure.DATASET_EXISTS.because(dataset + "@" + snapshot + " exists");
    }
    long txg = ++clock;
    Snapshot taken = new Snapshot(snapshot, new Guid(txg), txg, Instant.ofEpochSecond(txg));
    owner.snapshots.put(snapshot, taken);
    changes.add("snapshot " + dataset + "@" + snapshot);
    return taken;
  }

  @Override
  public void takeSnapshot(String dataset, String snapshot) throws FailureException {
    Snapshot _ = snapshot(dataset, snapshot);
  }

  @Override
  public synchronized void destroySnapshot(String dataset, String snapshot)
      throws FailureException {
    FakeDataset owner = existing(dataset);
    if (!owner.holdsOf(snapshot).isEmpty()) {
      throw StorageFailure.SNAPSHOT_HELD.because(dataset + "@" + snapshot + " is held");
    }
    owner.snapshots.remove(snapshot);
    changes.add("destroy " + dataset + "@" + snapshot);
  }

  @Override
  public synchronized void renameSnapshot(String dataset, String from, String to)
      throws FailureException {
    FakeDataset owner = existing(dataset);
    Snapshot old = owner.snapshots.remove(from);
    if (old == null) {
      throw StorageFailure.DATASET_NOT_FOUND.because("there is no " + dataset + "@" + from);
    }
    owner.snapshots.put(to, new Snapshot(to, old.guid(), old.createtxg(), old.creation()));
    owner.holdsOf(to).addAll(owner.holdsOf(from));
    owner.holdsOf(from).clear();
    changes.add("rename " + dataset + "@" + from + " " + to);
  }

  @Override
  public synchronized void hold(String dataset, String snapshot, String tag)
      throws FailureException {
    existing(dataset).holdsOf(snapshot).add(tag);
    changes.add("hold " + tag + " " + dataset + "@" + snapshot);
  }

  @Override
  public synchronized void release(String dataset, String snapshot, String tag)
      throws FailureException {
    existing(dataset).holdsOf(snapshot).remove(tag);
    changes.add("release " + tag + " " + dataset + "@" + snapshot);
  }

  @Override
  public synchronized void bookmark(String dataset, String snapshot, String bookmark)
      throws FailureException {
    FakeDataset owner = existing(dataset);
    Snapshot remembered = owner.snapshots.get(snapshot);
    if (remembered == null) {
      throw StorageFailure.DATASET_NOT_FOUND.because("no " + dataset + "@" + snapshot);
    }
    Bookmark made = new Bookmark(bookmark, remembered.guid(), remembered.createtxg());
    Bookmark before = owner.bookmarks.putIfAbsent(bookmark, made);
    if (before != null && !before.equals(made)) {
      throw StorageFailure.DATASET_EXISTS.because(dataset + "#" + bookmark + " exists");
    }
    changes.add("bookmark " + dataset + "#" + bookmark);
  }

  @Override
  public synchronized void destroyBookmark(String dataset, String bookmark)
      throws FailureException {
    existing(dataset).bookmarks.remove(bookmark);
    changes.add("destroy " + dataset + "#" + bookmark);
  }

  @Override
  public synchronized void setProperty(String dataset, String name, String value)
      throws FailureException {
    existing(dataset).properties.put(name, value);
    if (name.equals("mountpoint")) {
      existing(dataset).mountpoint = Optional.of(Path.of(value));
    } else if (name.equals(VolumeProperties.QUOTA)) {
      existing(dataset).quotaBytes = VolumeProperties.quotaBytes(value);
    }
    changes.add(name + "=" + value + " " + dataset);
  }

  @Override
  public synchronized void destroy(String dataset) throws FailureException {
    FakeDataset doomed = existing(dataset);
    if (doomed.isMounted) {
      throw StorageFailure.DATASET_BUSY.because(dataset + " is mounted");
    }
    if (doomed.isHeld()) {
      throw StorageFailure.SNAPSHOT_HELD.because("a snapshot of " + dataset + " is held");
    }
    datasets.remove(dataset);
    changes.add("destroy " + dataset);
  }

  @Override
  public synchronized void rename(String from, String to) throws FailureException {
    FakeDataset moved = existing(from);
    if (moved.isMounted) {
      throw StorageFailure.DATASET_BUSY.because(from + " is mounted");
    }
    if (datasets.containsKey(to)) {
      throw StorageFailure.DATASET_EXISTS.because(to + " exists");
    }
    datasets.remove(from);
    datasets.put(to, moved.renamed(to));
    changes.add("rename " + from + " " + to);
  }

  @Override
  public synchronized void setReadonly(String dataset, boolean isReadonly) throws FailureException {
    existing(dataset).isReadonly = isReadonly;
    changes.add("readonly=" + isReadonly + " " + dataset);
  }

  @Override
  public synchronized void seal(String dataset, Map<String, String> properties)
      throws FailureException {
    FakeDataset sealed = existing(dataset);
    Dataset before = sealed.view();
    Map<String, String> set = Map.copyOf(sealed.properties);
    sealed.isAutomountForbidden = true;
    sealed.isReadonly = true;
    String kept = VolumeProperties.quota(sealed.keptQuotaBytes.orElse(sealed.quotaBytes));
    sealed.keptQuotaBytes =
        OptionalLong.of(
            VolumeProperties.quotaBytes(properties.getOrDefault(VolumeProperties.QUOTA, kept)));
    sealed.quotaBytes = 0;
    for (String name : VolumeProperties.INHERITABLE) {
      if (VolumeProperties.INHERITED.equals(properties.get(name))) {
        sealed.properties.remove(name);
      } else if (properties.containsKey(name)) {
        sealed.properties.put(name, properties.get(name));
      }
    }
    if (!before.equals(sealed.view()) || !set.equals(sealed.properties)) {
      changes.add("seal " + dataset);
    }
  }

  @Override
  public synchronized void mountWritable(String dataset, Path mountpoint) throws FailureException {
    FakeDataset mounted = existing(dataset);
    if (mountFailure.isPresent()) {
      FailureException failure = mountFailure.get();
      mountFailure = Optional.empty();
      throw failure;
    }
    if (!mounted.isMounted) {
      MountFolder.requireFree(mountpoint);
    }
    try {
      Files.createDirectories(mountpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mounted.quotaBytes = mounted.keptQuotaBytes.orElse(mounted.quotaBytes);
    mounted.keptQuotaBytes = OptionalLong.empty();
    mounted.mountpoint = Optional.of(mountpoint);
    mounted.isMounted = true;
    mounted.isReadonly = false;
    changes.add("mount " + dataset);
  }

  @Override
  public synchronized void mountReadonly(String dataset) throws FailureException {
    FakeDataset mounted = existing(dataset);
    if (!mounted.isMounted) {
      mounted.isMounted = true;
      mounted.mountpoint = Optional.of(mounted.mountpoint.orElse(Path.of("/" + dataset)));
      changes.add("mount readonly " + dataset);
    }
  }

  @Override
  public synchronized void unmount(String dataset) throws FailureException {
    FakeDataset mounted = existing(dataset);
    if (mounted.isMounted && mounted.isBusy) {
      throw StorageFailure.DATASET_BUSY.because(dataset + " is busy");
    }
    if (mounted.isMounted) {
      mounted.isMounted = false;
      mounted.isReadonly = true;
      changes.add("unmount " + dataset);
    }
  }

  /** A number made of the path, the same each time. */
  @Override
  public long device(Path mountpoint) {
    return mountpoint.toString().hashCode();
  }

  @Override
  public synchronized boolean canSendRanges() {
    return hasCleanRanges;
  }

  /** From now on a range of snapshots is several streams, as with zfs-fuse. */
  public synchronized void leaveRangesHeld() {
    hasCleanRanges = false;
  }

  @Override
  public OptionalLong estimate(SendRequest request) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong written(String dataset, String base) {
    return OptionalLong.empty();
  }

  @Override
  public Child send(SendRequest request, int pipeBytes) {
    throw new UnsupportedOperationException("there are no streams in memory");
  }

  @Override
  public Child receive(String dataset, int pipeBytes) {
    throw new UnsupportedOperationException("there are no streams in memory");
  }

  @Override
  public Optional<Dataset> afterFailedReceive(String dataset, Optional<Snapshot> before)
      throws FailureException {
    return dataset(dataset);
  }

  @Override
  public synchronized void abandonReceive(String dataset) throws FailureException {
    existing(dataset).resumeToken = Optional.empty();
    changes.add("abandon " + dataset);
  }

  @Override
  public StreamInspector inspector(StreamExpectation expectation) {
    throw new UnsupportedOperationException("there are no streams in memory");
  }

  /** A receive was cut, and can go on by a token that says this. */
  public synchronized void cut(String dataset, ResumeState state) throws FailureException {
    existing(dataset).resumeToken = Optional.of(state.token());
    TOKENS.put(state.token(), state);
  }

  /** From now on a dataset is one that was made with encryption. */
  public synchronized void encrypt(String dataset) {
    encrypted.add(dataset);
  }

  @Override
  public synchronized boolean isEncrypted(String dataset) {
    return encrypted.contains(dataset);
  }

  /** From now on a dataset that was encrypted is opened by the key of the pool. */
  public synchronized void inheritKey(String dataset) {
    inheriting.add(dataset);
  }

  @Override
  public synchronized Optional<String> encryptionRoot(String dataset) {
    return encrypted.contains(dataset)
        ? Optional.of(inheriting.contains(dataset) ? POOL : dataset)
        : Optional.empty();
  }

  /** The key of a dataset is not loaded, from now on. */
  public synchronized void lock(String dataset) {
    locked.add(dataset);
  }

  /** Ends what {@link #lock} began. */
  public synchronized void unlock(String dataset) {
    locked.remove(dataset);
  }

  @Override
  public synchronized boolean isLocked(String dataset) {
    return locked.contains(dataset);
  }

  @Override
  public ResumeState decodeResumeToken(String token) throws FailureException {
    ResumeState state = TOKENS.get(token);
    if (state != null) {
      return state;
    }
    throw StorageFailure.RESUME_TOKEN_CORRUPT.because("there are no streams in memory");
  }

  @Override
  public FailureException explain(String dataset, Child child, int exitCode) {
    return StorageFailure.ZFS_FAILED.because(child.command() + " exited with " + exitCode);
  }

  private FakeDataset existing(String name) throws FailureException {
    FakeDataset found = datasets.get(name);
    if (found == null) {
      throw StorageFailure.DATASET_NOT_FOUND.because("there is no " + name);
    }
    return found;
  }
}
