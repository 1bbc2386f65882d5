package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.FakeStorage;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Faults.Kind;
import io.flocker.core.volume.VolumeHistory.Rollback;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Every change of volumes, with the storage and all that is written down beside it failing at each
 * of their calls: what is refused or fails leaves everything as it was, and what is answered as
 * done is done.
 */
class AllOrNothingTest {
  private static final VolumeId OWNED = VolumeId.random();
  private static final VolumeId REPLICA = VolumeId.random();
  private static final VolumeId FRESH = VolumeId.random();
  private static final VolumeId TAKEN = VolumeId.random();
  private static final VolumeName OWNED_NAME = VolumeName.parse("default.owned");
  private static final VolumeName FRESH_NAME = VolumeName.parse("default.fresh");
  private static final Guid FINAL = new Guid(4_711);
  private static final UUID OPERATION = UUID.randomUUID();
  private static final Pattern SNAPSHOT = Pattern.compile("flk\\.[0-9TZ]+\\.manual\\.[0-9a-f]{8}");
  private static final Pattern ASIDE = Pattern.compile("superseded-[0-9TZ]+");
  private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** How often something failed. */
  private static int steps;

  @TempDir(factory = Memory.class)
  private Path folder;

  private int ponds;

  /** Hundreds of state folders, whose every write would have to reach the disk. */
  static final class Memory implements TempDirFactory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext field, ExtensionContext context)
        throws Exception {
      return Files.isDirectory(SHARED_MEMORY)
          ? Files.createTempDirectory(SHARED_MEMORY, "flocker-")
          : Files.createTempDirectory("flocker-");
    }
  }

  /** What is done to a pond. */
  @FunctionalInterface
  private interface Deed {
    void run(Pond pond) throws FailureException;
  }

  /** A change, and what has to be there for it beside what {@link #populate} makes. */
  private record Change(String name, Deed prepare, Deed make) {
    Change(String name, Deed make) {
      this(name, _ -> {}, make);
    }
  }

  private static List<Change> changes() {
    return List.of(
        new Change("create", pond -> pond.volumes.create(FRESH_NAME, Optional.of(FRESH), 1 << 20)),
        new Change(
            "create on an empty folder",
            AllOrNothingTest::makeFolder,
            pond -> pond.volumes.create(FRESH_NAME, Optional.of(FRESH), 0)),
        new Change("clone of a snapshot", pond -> clone(pond, OWNED, Optional.of("base"))),
        new Change("clone of now", pond -> clone(pond, OWNED, Optional.empty())),
        new Change("clone of a replica", pond -> clone(pond, REPLICA, Optional.empty())),
        new Change("quota", pond -> change(pond, OptionalLong.of(1 << 21), Map.of())),
        new Change("metadata", pond -> change(pond, OptionalLong.empty(), Map.of("a", "c"))),
        new Change("both", pond -> change(pond, OptionalLong.of(0), Map.of("b", "d"))),
        new Change("snapshot", pond -> pond.volumes.snapshot(OWNED, "fourth", Condition.NONE)),
        new Change("destroy a snapshot", pond -> destroySnapshot(pond, "newest", false)),
        new Change("destroy the base of a peer", pond -> destroySnapshot(pond, "base", true)),
        new Change("rollback", pond -> rollBack(pond, "newest", false)),
        new Change("rollback over a base", pond -> rollBack(pond, "oldest", true)),
        new Change("destroy", pond -> pond.volumes.destroy(OWNED, Condition.NONE)),
        new Change(
            "destroy a replica", pond -> pond.volumes.destroyReplica(REPLICA, Condition.NONE)),
        new Change(
            "destroy a replica that was owned here",
            pond -> pond.register.describe(REPLICA, Map.of("a", "b")),
            pond -> pond.volumes.destroyReplica(REPLICA, Condition.NONE)),
        new Change(
            "destroy a replica that is mounted",
            pond -> pond.storage.mountReadonly(Pond.dataset(pond.other, "default.replica")),
            pond -> pond.volumes.destroyReplica(REPLICA, Condition.NONE)),
        new Change(
            "adopt",
            pond -> pond.storage.add(Pond.dataset(pond.self, "default.orphan")),
            pond -> pond.catalog.list()),
        new Change("rename", pond -> pond.volumes.repairName(pond.catalog.require(TAKEN))),
        new Change(
            "first copy",
            pond -> receive(pond, "default.fresh"),
            pond -> record(pond, FRESH, FRESH_NAME, 1)),
        new Change(
            "copy of the next owner",
            pond -> record(pond, REPLICA, VolumeName.parse("default.replica"), 7)),
        new Change(
            "release",
            pond -> apply(pond, OWNED, new OwnershipEvent.Released(pond.other, OPERATION, FINAL))),
        new Change("acquire", AllOrNothingTest::acquire),
        new Change(
            "deliver",
            pond -> {
              pond.add(FRESH, 4, pond.other, OwnershipState.RELEASED, "default.fresh");
              pond.catalog.list();
            },
            pond -> apply(pond, FRESH, new OwnershipEvent.Delivered())),
        new Change(
            "take over", // A name that is left wrong is no failure, and another test's.
            pond -> {
              pond.storage.rename(
                  Pond.dataset(pond.other, "default.replica"),
                  Pond.dataset(pond.self, "default.replica"));
              pond.catalog.lookAround();
            },
            AllOrNothingTest::takeOver),
        new Change(
            "set aside",
            pond -> {
              String copy = Pond.dataset(pond.other, "default.replica");
              Guid copied = pond.storage.snapshot(copy, "pushed").guid();
              pond.record(copy, REPLICA, 6, pond.other, OwnershipState.SUPERSEDED);
              pond.bases.arrived(pond.catalog.require(REPLICA), pond.other, copied);
            },
            pond ->
                new OperatorChoices(pond.node).setAside(pond.catalog.require(REPLICA), pond.other)),
        new Change(
            "set a diverged copy aside",
            pond ->
                new DivergedCopies(
                        FakeStorage.POOL, pond.catalog, InstantSource.fixed(Instant.EPOCH))
                    .setAside(pond.catalog.require(REPLICA))),
        new Change("claim the pool", pond -> pond.claim.claimPool()));
  }

  @TestFactory
  Stream<DynamicTest> aChangeIsMadeWholeOrNotAtAll() {
    return changes().stream()
        .map(change -> DynamicTest.dynamicTest(change.name(), () -> check(change)));
  }

  /** As a pool that goes away: what cannot be undone either has to say so. */
  @TestFactory
  Stream<DynamicTest> whatSaysThatItChangedNothingHasChangedNothing() {
    return changes().stream()
        .map(change ->
            DynamicTest.dynamicTest(
                change.name(),
                () -> {
                  int call = 1;
                  while (isAbsenceBorne(change, call)) {
                    call++;
                  }
                }));
  }

  private boolean isAbsenceBorne(Change change, int call) throws Exception {
    Faults faults = new Faults();
    Pond pond = pond(faults, change);
    List<String> before = state(pond);
    faults.failAt(call, Kind.AWAY);
    Optional<Exception> failure = attempt(change, pond);
    if (!faults.hasFailed()) {
      return false;
    }
    steps++;
    if (failure.orElse(null) instanceof FailureException refusal && refusal.hasChangedNothing()) {
      assertSame(
          withoutEpochs(before),
          withoutEpochs(state(pond)),
          "away at call " + call + ": " + refusal);
    }
    return true;
  }

  @AfterAll
  static void tellHowMuchWasTried() {
    System.out.println("all or nothing: " + changes().size() + " changes, " + steps + " faults");
    assertTrue(steps >= 3 * changes().size(), "every change asks or tells somebody something");
  }

  private void check(Change change) throws Exception {
    Pond undisturbed = pond(new Faults(), change);
    change.make().run(undisturbed);
    List<String> after = anonymous(state(undisturbed));
    for (Kind kind : List.of(Kind.REFUSED, Kind.BROKEN, Kind.LOST)) {
      int call = 1;
      while (isFaultBorne(change, call, kind, after)) {
        call++;
      }
    }
    checkFullStateFolder(change, after);
  }

  /** Whether there is a call of that number; what its failure leaves is looked at then. */
  private boolean isFaultBorne(Change change, int call, Kind kind, List<String> after)
      throws Exception {
    Faults faults = new Faults();
    Pond pond = pond(faults, change);
    List<String> before = state(pond);
    faults.failAt(call, kind);
    Optional<Exception> failure = attempt(change, pond);
    if (!faults.hasFailed()) {
      assertEquals(Optional.empty(), failure, "without a fault");
      return false;
    }
    steps++;
    List<String> now = state(pond);
    String where = kind + " call " + call + ": " + failure;
    if (failure.isPresent() || now.equals(before)) {
      assertSame(before, now, where);
    } else {
      assertSame(after, anonymous(now), where);
    }
    return true;
  }

  /** Nothing can be written there, so that nothing that was can be taken back either. */
  private void checkFullStateFolder(Change change, List<String> after) throws Exception {
    Faults faults = new Faults();
    Pond pond = pond(faults, change);
    List<String> before = state(pond);
    faults.fill();
    pond.journal.setFull(true);
    pond.folders.setFull(true);
    block(pond.state.resolve(PeerCursors.FILE));
    block(pond.state.resolve(EpochMemory.FILE));
    steps++;
    Optional<Exception> failure = attempt(change, pond);
    List<String> now = state(pond);
    if (failure.isPresent()) {
      assertSame(before, now, "full: " + failure);
    } else {
      assertSame(withoutEpochs(after), withoutEpochs(anonymous(now)), "full");
    }
  }

  /** A file that cannot be replaced any more. */
  private static void block(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createDirectories(file.resolve("in-the-way"));
  }

  private static Optional<Exception> attempt(Change change, Pond pond) {
    try {
      change.make().run(pond);
      return Optional.empty();
    } catch (FailureException | RuntimeException e) {
      return Optional.of(e);
    }
  }

  private Pond pond(Faults faults, Change change) throws Exception {
    Pond pond = new Pond(Files.createDirectories(folder.resolve("pond-" + ponds++)), faults);
    populate(pond);
    change.prepare().run(pond);
    return pond;
  }

  /** An owned volume with three snapshots, the base of a peer among them, and a replica. */
  private static void populate(Pond pond) throws FailureException {
    var _ = pond.peers.put(new Peer(pond.other, List.of(Address.parse("b:1")), Takeover.NEVER));
    Volume owned = pond.volumes.create(OWNED_NAME, Optional.of(OWNED), 1 << 20);
    String dataset = owned.dataset().name();
    pond.register.describe(OWNED, Map.of("a", "b"));
    var _ = pond.volumes.snapshot(OWNED, "oldest", Condition.NONE);
    Snapshot base = pond.volumes.snapshot(OWNED, "base", Condition.NONE);
    pond.holds.hold(owned, base, new Hold.Peer(pond.other));
    var _ = pond.cursors.move(OWNED, pond.other, base.guid());
    var _ = pond.volumes.snapshot(OWNED, "newest", Condition.NONE);
    pond.register.bury(OWNED, 1); // Of an earlier life.
    pond.record(dataset, OWNED, 2, pond.self, OwnershipState.OWNED);
    pond.register.describe(OWNED, Map.of("a", "b"));
    String replica = pond.add(REPLICA, 6, pond.other, OwnershipState.OWNED, "default.replica");
    pond.storage.seal(replica, Map.of());
    var _ = pond.storage.snapshot(replica, "copied");
    String taken = pond.add(TAKEN, 2, pond.other, OwnershipState.OWNED, "default.taken");
    pond.record(taken, TAKEN, 3, pond.self, OwnershipState.OWNED);
    var _ = pond.catalog.list(); // All epochs are remembered from the beginning.
  }

  private static List<String> state(Pond pond) throws IOException {
    List<String> state = new ArrayList<>(pond.storage.state());
    state.addAll(pond.register.state());
    pond.journal.list().forEach(entry -> state.add("written hold " + entry));
    for (VolumeId id : List.of(OWNED, REPLICA, FRESH, TAKEN)) {
      state.add("cursors of " + id + " " + pond.cursors.of(id));
      state.add("epoch of " + id + " " + pond.epochs.highest(id));
    }
    try (Stream<Path> folders = Files.walk(pond.home.mountRoot(), 1)) {
      folders.sorted().map(path -> "folder " + path).forEach(state::add);
    }
    return state.stream()
        .map(line -> line.replace(pond.folder.toString(), ""))
        .map(line -> line.replace(pond.self.toString(), "SELF"))
        .map(line -> line.replace(pond.other.toString(), "OTHER"))
        .sorted()
        .toList();
  }

  /** Without what is another one each time. */
  private static List<String> anonymous(List<String> state) {
    List<String> known = Stream.of(OWNED, REPLICA, FRESH, TAKEN).map(VolumeId::toString).toList();
    return state.stream()
        .map(line -> SNAPSHOT.matcher(line).replaceAll("flk"))
        .map(line -> ASIDE.matcher(line).replaceAll("superseded"))
        .map(line ->
            UUIDS
                .matcher(line)
                .replaceAll(uuid -> known.contains(uuid.group()) ? uuid.group() : "*"))
        .sorted()
        .toList();
  }

  private static List<String> withoutEpochs(List<String> state) {
    return state.stream().filter(line -> !line.startsWith("epoch")).toList();
  }

  /** Tells the lines only that are others. */
  private static void assertSame(List<String> expected, List<String> actual, String where) {
    assertEquals(without(actual, expected), without(expected, actual), where);
  }

  private static String without(List<String> excluded, List<String> lines) {
    return lines.stream()
        .filter(line -> !excluded.contains(line))
        .collect(Collectors.joining("\n"));
  }

  private static void clone(Pond pond, VolumeId source, Optional<String> snapshot)
      throws FailureException {
    var _ =
        pond.volumes.cloneOf(
            source, snapshot, FRESH_NAME, Optional.of(FRESH), OptionalLong.empty(), Condition.NONE);
  }

  /** Somebody's, where the volume will be mounted: it stays, whatever becomes of the volume. */
  private static void makeFolder(Pond pond) {
    try {
      Files.createDirectories(pond.home.mountpoint(FRESH_NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void change(Pond pond, OptionalLong quota, Map<String, String> metadata)
      throws FailureException {
    Optional<UnaryOperator<Map<String, String>>> written =
        metadata.isEmpty() ? Optional.empty() : Optional.of(_ -> metadata);
    var _ = pond.volumes.change(OWNED, new VolumeChange(quota, written), Condition.NONE);
  }

  private static void destroySnapshot(Pond pond, String name, boolean isForced)
      throws FailureException {
    pond.history.destroySnapshot(OWNED, name, isForced, Condition.NONE);
  }

  private static void rollBack(Pond pond, String name, boolean isForced) throws FailureException {
    var _ = pond.history.rollBack(OWNED, new Rollback(name, isForced, isForced), Condition.NONE);
  }

  /** What a first receive leaves. */
  private static void receive(Pond pond, String volume) throws FailureException {
    String dataset = Pond.dataset(pond.other, volume);
    pond.storage.add(dataset);
    // A copy that is protected too early is no harm, and is not taken back.
    pond.storage.seal(dataset, Map.of());
  }

  private static void record(Pond pond, VolumeId lineage, VolumeName name, long epoch)
      throws FailureException {
    String dataset = new DatasetName(pond.other, name).in(FakeStorage.POOL);
    pond.replicas.record(
        new Claim(
            lineage,
            name,
            pond.other,
            epoch,
            OPERATION,
            FakeGrants.granted(lineage, epoch, pond.other, pond.other)),
        pond.storage.dataset(dataset).orElseThrow());
  }

  private static void acquire(Pond pond) throws FailureException {
    Guid latest = pond.catalog.require(REPLICA).dataset().latest().orElseThrow().guid();
    apply(
        pond,
        REPLICA,
        new OwnershipEvent.Acquired(pond.other, 7, OPERATION, latest, Optional.of(latest), false));
  }

  private static void takeOver(Pond pond) throws FailureException {
    Volume copy = pond.catalog.require(REPLICA);
    Grant grant =
        new Grant(
            REPLICA,
            7,
            pond.other,
            pond.self,
            OPERATION,
            OperatorChoices.last(copy),
            Instant.now());
    new OperatorChoices(pond.node).take(copy, SignedGrant.by(TestCredentials.operator(), grant));
  }

  private static void apply(Pond pond, VolumeId id, OwnershipEvent event) throws FailureException {
    var _ = pond.catalog.records().apply(pond.catalog.require(id).dataset(), event);
  }
}
