package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.FileStatus;
import io.flocker.core.os.NativeException;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChild;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.replicate.change.PoolNews;
import io.flocker.core.retry.Backoff;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.ChangeMark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.Holds;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Pool;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.stream.StreamInspector;
import io.flocker.core.volume.NodeMark;
import io.flocker.zfs.command.Names;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.event.PoolEvents;
import io.flocker.zfs.failure.Explainer;
import io.flocker.zfs.listing.DatasetReader;
import io.flocker.zfs.listing.HoldReader;
import io.flocker.zfs.listing.PoolReader;
import io.flocker.zfs.probe.Dialect;
import io.flocker.zfs.probe.Prober;
import io.flocker.zfs.process.StreamChild;
import io.flocker.zfs.process.Zfs;
import io.flocker.zfs.resume.ResumeToken;
import io.flocker.zfs.stream.StreamWalker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pool of this machine's ZFS. Any thread may call; use a virtual one. */
public final class ZfsStorage implements Storage {
  /** The feature of a pool, and the property of a dataset. */
  private static final String ENCRYPTION = "encryption";

  /** What zfs-fuse still holds of a stream whose command was killed is written well within that. */
  private static final Duration AFTERMATH = Duration.ofMillis(500);

  private static final Duration AFTERMATH_PAUSE = Duration.ofMillis(100);

  /** What is known of this ZFS once it was probed. */
  private record Probed(Dialect dialect, DatasetReader reader, Mounts mounts) {}

  private final ZfsSettings settings;
  private final Names names;
  private final Launch launch;
  private final StuckChildren stuck = new StuckChildren();
  private final Commands commands;
  private final ZfsTool zfs;
  private final ZfsTool zpool;
  private final DatasetProperties properties;
  private final Seal seal;
  private final Points points;
  private final SizeReader sizes;
  private final StreamArguments streams;
  private final BusyRetry patience;
  private final Explainer explainer = new Explainer(this::dataset);
  private @Nullable Probed probed;

  /** The pool that {@code settings} name; ZFS is first asked when something is asked of this. */
  public ZfsStorage(ZfsSettings settings) {
    this(settings, CommandObserver.NONE);
  }

  /** The same, where somebody hears of every command. */
  public ZfsStorage(ZfsSettings settings, CommandObserver observer) {
    this.launch = new Launch(Zfs.ASKED, settings.pool());
    this.commands = new Commands(launch, settings.commandLimit(), stuck, observer);
    this.settings = settings;
    this.names = new Names(settings.pool());
    this.zfs = ZfsTool.zfs(settings.zfs(), commands, settings.deadline(), settings.pool());
    this.zpool = ZfsTool.zpool(settings.zpool(), commands, settings.deadline(), settings.pool());
    this.properties = new DatasetProperties(zfs);
    this.seal = new Seal(properties);
    this.points = new Points(zfs, settings.longDeadline());
    this.sizes = new SizeReader(zfs, settings.deadline(), settings.longDeadline());
    this.streams = new StreamArguments(names);
    this.patience = new BusyRetry(settings.renameGrace());
  }

  /** About how many commands wait until they may run. */
  public int waitingCommands() {
    return commands.waiting();
  }

  /** Children that not even KILL could end. */
  public List<StuckChild> stuckChildren() {
    return stuck.list();
  }

  @Override
  public Capabilities capabilities() throws FailureException {
    return probed().dialect().capabilities();
  }

  @Override
  public String poolName() {
    return names.pool();
  }

  @Override
  public Pool pool() throws FailureException {
    return new PoolReader(zfs, zpool).read(names.pool(), NodeMark.PROPERTY);
  }

  @Override
  public long freeBytes() throws FailureException {
    return new PoolReader(zfs, zpool).freeBytes(names.pool());
  }

  @Override
  public void markPool(NodeId node) throws FailureException {
    properties.set(names.pool(), NodeMark.PROPERTY, node.toString());
  }

  @Override
  public void guardPool() throws FailureException {
    Map<String, String> now = properties.local(names.pool(), Set.of("canmount", "readonly"));
    // Set again, readonly would end the writable mounts of all that inherits it.
    if (!"on".equals(now.get("readonly"))) {
      properties.set(names.pool(), "readonly", "on");
    }
    if (!"off".equals(now.get("canmount"))) {
      properties.set(names.pool(), "canmount", "off");
    }
  }

  @Override
  public List<Dataset> datasets() throws FailureException {
    return probed().reader().below(names.pool());
  }

  @Override
  public List<DatasetHead> heads() throws FailureException {
    return probed().reader().heads(names.pool());
  }

  /** What tells of each dataset below the pool's root that it was written to: one command. */
  public Map<String, ChangeMark> changeMarks() throws FailureException {
    return sizes.changeMarks(names.pool(), capabilities().canEstimate());
  }

  /** Tells {@code listener} of the pool's events until the result is closed. */
  public PoolEvents events(PoolNews listener) {
    // Not of this pool alone: only the numbers of all events show that one is missing.
    List<String> argv = zpool.argv(List.of("events", "-Hfv"));
    return PoolEvents.start(launch, argv, names.pool(), stuck, listener);
  }

  @Override
  public Optional<Dataset> dataset(String name) throws FailureException {
    return probed().reader().one(names.dataset(name));
  }

  @Override
  public void create(String dataset, Path mountpoint, long quotaBytes) throws FailureException {
    List<String> arguments = new ArrayList<>(List.of("create"));
    arguments.addAll(List.of("-o", "canmount=noauto", "-o", "mountpoint=" + mountpoint));
    if (quotaBytes > 0) {
      arguments.addAll(List.of("-o", "refquota=" + quotaBytes));
    }
    arguments.add(names.dataset(dataset));
    String _ = zfs.run(settings.longDeadline(), arguments);
  }

  @Override
  public void cloneSnapshot(String dataset, String snapshot, String clone, long quotaBytes)
      throws FailureException {
    List<String> arguments = new ArrayList<>(List.of("clone"));
    // Without a mountpoint: zfs-fuse mounts a clone writable, whatever its canmount is.
    arguments.addAll(List.of("-o", "canmount=noauto", "-o", "mountpoint=none"));
    if (quotaBytes > 0) {
      arguments.addAll(List.of("-o", "refquota=" + quotaBytes));
    }
    arguments.add(names.snapshot(dataset, snapshot));
    arguments.add(names.dataset(clone));
    String _ = zfs.run(settings.longDeadline(), arguments);
  }

  @Override
  public void setRecord(String dataset, OwnershipRecord record) throws FailureException {
    stuck.awaitEnd(Zfs.ASKED, names.dataset(dataset), settings.deadline());
    properties.set(names.dataset(dataset), OwnershipRecord.PROPERTY, record.toString());
  }

  @Override
  public void removeRecord(String dataset) throws FailureException {
    stuck.awaitEnd(Zfs.ASKED, names.dataset(dataset), settings.deadline());
    properties.inherit(names.dataset(dataset), OwnershipRecord.PROPERTY);
  }

  @Override
  public Snapshot snapshot(String dataset, String snapshot) throws FailureException {
    String name = names.snapshot(dataset, snapshot);
    return points.takeAndRead(name, probed().reader());
  }

  @Override
  public void takeSnapshot(String dataset, String snapshot) throws FailureException {
    points.take(names.snapshot(dataset, snapshot));
  }

  @Override
  public void destroySnapshot(String dataset, String snapshot) throws FailureException {
    points.destroySnapshot(names.snapshot(dataset, snapshot));
  }

  @Override
  public void rollBack(String dataset, String snapshot, boolean isNewerLost)
      throws FailureException {
    String name = names.snapshot(dataset, snapshot);
    probed().mounts().refuseMounted(names.dataset(dataset));
    List<String> arguments =
        isNewerLost ? List.of("rollback", "-r", name) : List.of("rollback", name);
    patience.whileBusy(() -> {
      String _ = zfs.run(settings.longDeadline(), arguments);
    });
  }

  @Override
  public Map<String, Holds> holds(String dataset) throws FailureException {
    return new HoldReader(zfs).holds(names.dataset(dataset));
  }

  @Override
  public void hold(String dataset, String snapshot, String tag) throws FailureException {
    points.hold(Names.tag(tag), names.snapshot(dataset, snapshot));
  }

  @Override
  public void release(String dataset, String snapshot, String tag) throws FailureException {
    try {
      points.release(Names.tag(tag), names.snapshot(dataset, snapshot));
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_NOT_FOUND || dataset(dataset).isEmpty()) {
        throw e;
      }
    }
  }

  @Override
  public void bookmark(String dataset, String snapshot, String bookmark) throws FailureException {
    if (!capabilities().canBookmark()) {
      throw StorageFailure.POOL_FEATURE_MISSING.because(
          "the pool " + names.pool() + " has no bookmarks");
    }
    points.bookmark(names.snapshot(dataset, snapshot), names.bookmark(dataset, bookmark));
  }

  @Override
  public void destroyBookmark(String dataset, String bookmark) throws FailureException {
    points.destroyBookmark(names.bookmark(dataset, bookmark));
  }

  @Override
  public void setProperty(String dataset, String name, String value) throws FailureException {
    properties.set(names.dataset(dataset), name, value);
  }

  @Override
  public void setQuota(String dataset, long quotaBytes) throws FailureException {
    properties.set(
        names.dataset(dataset), VolumeProperties.QUOTA, VolumeProperties.quota(quotaBytes));
    properties.inherit(names.dataset(dataset), VolumeProperties.KEPT_QUOTA);
  }

  @Override
  public void destroy(String dataset) throws FailureException {
    String name = names.dataset(dataset);
    // Looked at before, for destroy -r drops the snapshots first and then fails on the dataset.
    probed().mounts().refuseMounted(name);
    if (dataset(name).filter(Dataset::hasChildren).isPresent()) {
      throw StorageFailure.DATASET_BUSY.because(name + " has child datasets");
    }
    points.refuseHeld(name);
    patience.whileBusy(() -> {
      String _ = zfs.run(settings.longDeadline(), List.of("destroy", "-r", name));
    });
  }

  @Override
  public void renameSnapshot(String dataset, String from, String to) throws FailureException {
    points.renameSnapshot(names.snapshot(dataset, from), names.snapshot(dataset, to));
  }

  @Override
  public void rename(String from, String to) throws FailureException {
    String source = names.dataset(from);
    String target = names.dataset(to);
    // zfs-fuse unmounts it, then refuses, and leaves it unmounted.
    probed().mounts().refuseMounted(source);
    patience.whileBusy(() -> {
      String _ = zfs.run(settings.longDeadline(), List.of("rename", source, target));
    });
  }

  @Override
  public void setReadonly(String dataset, boolean isReadonly) throws FailureException {
    properties.set(names.dataset(dataset), "readonly", isReadonly ? "on" : "off");
  }

  @Override
  public void seal(String dataset, Map<String, String> wanted) throws FailureException {
    seal.close(names.dataset(dataset), VolumeProperties.filter(wanted));
  }

  @Override
  public void mountWritable(String dataset, Path mountpoint) throws FailureException {
    probed().mounts().mountWritable(names.dataset(dataset), mountpoint);
  }

  @Override
  public void mountReadonly(String dataset) throws FailureException {
    probed().mounts().mountReadonly(names.dataset(dataset));
  }

  @Override
  public void unmount(String dataset) throws FailureException {
    probed().mounts().unmount(names.dataset(dataset));
  }

  @Override
  public long device(Path mountpoint) throws FailureException {
    try {
      return FileStatus.device(mountpoint.toString());
    } catch (NativeException e) {
      throw StorageFailure.DATASET_NOT_FOUND
          .because("no device at " + mountpoint + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  @Override
  public boolean canSendRanges() throws FailureException {
    return probed().dialect().hasCleanRanges();
  }

  @Override
  public OptionalLong estimate(SendRequest request) throws FailureException {
    if (!capabilities().canEstimate()) {
      return OptionalLong.empty();
    }
    return sizes.estimate(streams.estimate(request));
  }

  @Override
  public OptionalLong written(String dataset, String base) throws FailureException {
    if (!capabilities().canEstimate()) {
      return OptionalLong.empty();
    }
    return sizes.written(names.dataset(dataset), base);
  }

  @Override
  public Child send(SendRequest request, int pipeBytes) throws FailureException {
    return StreamChild.sending(launch, zfs.argv(streams.send(request)), pipeBytes, stuck);
  }

  @Override
  public Child receive(String dataset, int pipeBytes) throws FailureException {
    List<String> arguments = streams.receive(dataset, capabilities().canResume());
    return StreamChild.receiving(launch, zfs.argv(arguments), pipeBytes, stuck);
  }

  /** zfs-fuse destroys half a copy by itself, a moment after the child has ended. */
  @Override
  public Optional<Dataset> afterFailedReceive(String dataset, Optional<Snapshot> before)
      throws FailureException {
    patience.whileBusy(() -> refuseHalf(dataset));
    Optional<Dataset> there = dataset(dataset);
    if (probed().dialect().endsWithItsCommand()) {
      return there;
    }
    Backoff aftermath = Backoff.every(AFTERMATH_PAUSE).within(AFTERMATH);
    try {
      while (there.flatMap(Dataset::latest).equals(before) && aftermath.pause()) {
        there = dataset(dataset);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // What has come so far is what there is.
    }
    return there;
  }

  private void refuseHalf(String dataset) throws FailureException {
    Optional<Dataset> there = dataset(dataset);
    if (there.isPresent()
        && there.get().snapshots().isEmpty()
        && there.get().resumeToken().isEmpty()) {
      throw StorageFailure.DATASET_BUSY.because(
          dataset + " is half a copy, which zfs should have destroyed; destroy it");
    }
  }

  @Override
  public void abandonReceive(String dataset) throws FailureException {
    String name = names.dataset(dataset);
    if (capabilities().canResume()) {
      zfs.runTolerating(Set.of(StorageFailure.DATASET_NOT_FOUND), "receive", "-A", name);
    }
  }

  @Override
  public StreamInspector inspector(StreamExpectation expectation) {
    return new StreamWalker(expectation);
  }

  @Override
  public ResumeState decodeResumeToken(String token) throws FailureException {
    return ResumeToken.decode(token);
  }

  @Override
  public boolean isEncrypted(String dataset) throws FailureException {
    String value = ofEncryption(ENCRYPTION, dataset);
    return !value.equals("off") && !value.equals("-");
  }

  @Override
  public boolean isLocked(String dataset) throws FailureException {
    return ofEncryption("keystatus", dataset).equals("unavailable");
  }

  @Override
  public Optional<String> encryptionRoot(String dataset) throws FailureException {
    return Optional.of(ofEncryption("encryptionroot", dataset)).filter(root -> !root.equals("-"));
  }

  /** The value of a property that only encrypted datasets have; {@code -} for all others. */
  private String ofEncryption(String property, String dataset) throws FailureException {
    return capabilities().poolFeatures().contains(ENCRYPTION)
        ? zfs.run("get", "-Hp", "-o", "value", property, names.dataset(dataset)).strip()
        : "-"; // Without the feature ZFS may not even know the property.
  }

  @Override
  public FailureException explain(String dataset, Child child, int exitCode) {
    return explainer.explain(dataset, child, exitCode);
  }

  private synchronized Probed probed() throws FailureException {
    Probed known = probed;
    if (known == null) {
      Dialect dialect = new Prober(zfs, zpool, names.pool()).probe();
      DatasetReader reader = new DatasetReader(zfs, dialect);
      Mounts mounts =
          new Mounts(zfs, reader, seal, dialect.hasTemporaryMount(), settings.longDeadline());
      known = new Probed(dialect, reader, mounts);
      probed = known;
    }
    return known;
  }
}
