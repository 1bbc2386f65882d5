package io.flocker.transfer.attach;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.converge.NamedVolumes;
import io.flocker.core.deploy.converge.VolumeDiscovery;
import io.flocker.core.deploy.converge.VolumeMoves;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings volumes to this node, by what they are called. Every method blocks; any thread may call.
 * Whoever has waited long enough leaves what is under way to go on, and finds it the next time.
 */
public final class VolumeAttachment {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final VolumeDiscovery discovery;
  private final VolumeMoves moves;
  private final PeerVolumes peers;
  private final Duration leaving;

  /** The questions to owners that are under way: one for each volume, whoever waits for it. */
  private final Map<VolumeId, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

  /**
   * What a volume is made with where there is none.
   *
   * @param maximumSizeBytes how large its content may become; empty for no limit
   * @param profile what kind of storage is wanted
   */
  public record Making(OptionalLong maximumSizeBytes, Optional<String> profile) {
    /** No limit, any storage. */
    public static final Making PLAIN = new Making(OptionalLong.empty(), Optional.empty());
  }

  /**
   * Where a volume is.
   *
   * @param here its dataset on this node, if it has one
   * @param owner who may write it, as far as those know that answered
   */
  public record Whereabouts(VolumeId id, NodeId owner, Optional<LocalVolume> here) {}

  /** A volume that a peer is to be asked for. */
  private record Wanted(VolumeName name, VolumeId volume, NodeId owner) {}

  /** What this node and those that answered know of one name. */
  private record Found(
      VolumeName name, List<LocalVolume> here, List<KnownPeer> peers, Set<NodeId> owners) {
    Optional<LocalVolume> owned() {
      return here.stream().filter(volume -> volume.role() == Role.OWNER).findFirst();
    }

    List<NodeId> silent() {
      return peers.stream().filter(peer -> peer.volumes().isEmpty()).map(KnownPeer::node).toList();
    }

    Stream<KnownPeer.RemoteVolume> remote() {
      return peers.stream().flatMap(peer -> peer.volumes().stream()).flatMap(List::stream);
    }

    boolean isNowhere() {
      return here.isEmpty() && remote().findAny().isEmpty();
    }

    /** Two nodes that made a volume of one name at one time have made two. */
    void requireOne() throws FailureException {
      Set<VolumeId> ids = new LinkedHashSet<>();
      here.forEach(volume -> ids.add(volume.id()));
      remote().forEach(volume -> ids.add(volume.id()));
      if (ids.size() > 1) {
        throw OwnershipFailure.VOLUME_EXISTS
            .because("%d volumes are called %s: %s".formatted(ids.size(), name, ids))
            .with("volumes", List.copyOf(ids));
      }
      if (owners.size() > 1) {
        throw OwnershipFailure.CONTESTED
            .because("several nodes own %s: %s".formatted(name, owners))
            .with("nodes", List.copyOf(owners));
      }
    }
  }

  /**
   * Brings volumes to the node whose {@code discovery} and {@code moves} these are.
   *
   * @param leaving how long a volume is asked for again that is in use: where a container has just
   *     been stopped there to be started here, the kernel may not have let go of its mounts yet
   */
  public VolumeAttachment(
      VolumeDiscovery discovery, VolumeMoves moves, PeerVolumes peers, Duration leaving) {
    this.discovery = discovery;
    this.moves = moves;
    this.peers = peers;
    this.leaving = leaving;
  }

  /**
   * Makes sure that there is a volume, here or at a peer; where there is none it is made here.
   *
   * @throws FailureException {@code PEERS_UNANSWERED} where one may have it, {@code VOLUME_EXISTS}
   *     where several are called so, or whatever the making fails with
   */
  public void ensure(VolumeName name, Making making) throws FailureException {
    Found found = find(name);
    found.requireOne();
    if (!found.isNowhere()) {
      return;
    }
    try {
      moves.create(
          new Change.CreateVolume(
              new VolumeReference(name, Optional.empty()),
              making.maximumSizeBytes(),
              making.profile(),
              new TreeMap<>(),
              found.silent()));
    } catch (FailureException e) {
      if (e.failure() != OwnershipFailure.VOLUME_EXISTS || here(name).isEmpty()) {
        throw e;
      } // Somebody else has just made it.
    }
  }

  /**
   * Where the volume is; empty if nobody that answers has it.
   *
   * @throws FailureException {@code VOLUME_EXISTS}, {@code CONTESTED}
   */
  public Optional<Whereabouts> whereabouts(VolumeName name) throws FailureException {
    List<LocalVolume> here = here(name);
    Optional<LocalVolume> own = here.stream().filter(one -> one.role() == Role.OWNER).findFirst();
    if (own.isPresent()) {
      return Optional.of(new Whereabouts(own.get().id(), own.get().owner(), own));
    }
    Found found = find(name);
    found.requireOne();
    Optional<LocalVolume> copy = found.here().stream().findFirst();
    return copy.map(LocalVolume::id)
        .or(() -> found.remote().map(KnownPeer.RemoteVolume::id).findFirst())
        .map(id -> new Whereabouts(id, owner(found), copy));
  }

  /**
   * Has the volume owned, mounted and writable here.
   *
   * @param cancellation ends the wait; what is under way goes on
   * @throws FailureException {@code VOLUME_NOT_FOUND}; {@code PEER_UNREACHABLE} where its owner
   *     does not answer; what the owner refuses with; {@code VOLUME_LOCKED} where {@code patience}
   *     did not suffice; {@code CANCELLED}
   */
  public LocalVolume attach(VolumeName name, Duration patience, Cancellation cancellation)
      throws FailureException, InterruptedException {
    long begun = System.nanoTime();
    long deadline = begun + patience.toNanos();
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(patience);
    FailureException last = OwnershipFailure.VOLUME_LOCKED.because(name + " is not here yet");
    do {
      cancellation.check();
      try {
        Optional<LocalVolume> usable = approach(name, deadline, cancellation);
        if (usable.isPresent()) {
          return usable.get();
        }
      } catch (FailureException e) {
        if (!mayPass(e, System.nanoTime() - begun)) {
          throw e;
        }
        last = e;
      }
    } while (backoff.pause());
    throw last;
  }

  /** Whether another try may help; after {@code NOT_OWNER}, too: the volume has moved on then. */
  private boolean mayPass(FailureException failure, long elapsedNanos) {
    return failure.failure() == OwnershipFailure.VOLUME_LOCKED
        || failure.failure() == OwnershipFailure.NOT_OWNER
        || (failure.failure() == OwnershipFailure.VOLUME_IN_USE
            && elapsedNanos < leaving.toNanos());
  }

  /** Asks the owner for the volume, unless it is here; empty where it is to be looked for anew. */
  private Optional<LocalVolume> approach(VolumeName name, long deadline, Cancellation cancellation)
      throws FailureException, InterruptedException {
    Optional<LocalVolume> own =
        here(name).stream().filter(volume -> volume.role() == Role.OWNER).findFirst();
    if (own.isPresent()) {
      return usable(own.get());
    }
    Found found = find(name);
    found.requireOne();
    if (found.owned().isPresent()) {
      return usable(found.owned().get());
    }
    requireOwnerThere(found);
    VolumeId volume = found.remote().findFirst().orElseThrow().id();
    request(new Wanted(name, volume, owner(found)), deadline, cancellation);
    return Optional.empty();
  }

  private static Optional<LocalVolume> usable(LocalVolume volume) throws FailureException {
    MountStatus mount = volume.mount();
    if (volume.isUsable()) {
      return Optional.of(volume);
    }
    String why = mount.reason().orElse("it is " + mount.state());
    String text = "%s is owned here and not mounted: %s".formatted(volume.name(), why);
    throw mount.state() == MountStatus.State.FAILED
        ? OwnershipFailure.VOLUME_NOT_WRITABLE.because(text)
        : OwnershipFailure.VOLUME_LOCKED.because(text);
  }

  private static void requireOwnerThere(Found found) throws FailureException {
    if (!found.owners().isEmpty()) {
      return;
    }
    Optional<LocalVolume> copy = found.here().stream().findFirst();
    if (copy.isPresent() && copy.get().role() == Role.SUPERSEDED) {
      throw OwnershipFailure.SUPERSEDED.because(
          "%s is superseded here, and its owner %s does not answer"
              .formatted(found.name(), copy.get().owner()));
    }
    if (copy.isPresent() && copy.get().role() == Role.CONTESTED) {
      throw OwnershipFailure.CONTESTED.because(found.name() + " is contested here");
    }
    if (found.remote().anyMatch(volume -> volume.role() == Role.RELEASED)) {
      throw OwnershipFailure.VOLUME_LOCKED.because(found.name() + " is just changing its owner");
    }
    if (!found.isNowhere()) {
      throw TransferFailure.PEER_UNREACHABLE.because(
          "the owner of %s, node %s, does not say that it has it"
              .formatted(found.name(), owner(found)));
    }
    String silent = found.silent().stream().map(NodeId::toString).collect(Collectors.joining(", "));
    throw silent.isEmpty()
        ? OwnershipFailure.VOLUME_NOT_FOUND.because("no node has a volume called " + found.name())
        : OwnershipFailure.PEERS_UNANSWERED.because(
            "nobody that answers has a volume called %s; these nodes do not answer: %s"
                .formatted(found.name(), silent));
  }

  private static NodeId owner(Found found) {
    return Stream.of(
            found.owners().stream(),
            found.here().stream().map(LocalVolume::owner),
            found.remote().map(KnownPeer.RemoteVolume::owner))
        .flatMap(owners -> owners)
        .findFirst()
        .orElseThrow();
  }

  /** Asks the owner for it, or waits for who has asked already. */
  private void request(Wanted wanted, long deadline, Cancellation cancellation)
      throws FailureException, InterruptedException {
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    CompletableFuture<Void> answer = asked.putIfAbsent(wanted.volume(), fresh);
    if (answer == null) {
      answer = fresh;
      var _ = Thread.ofVirtual().name("attach-" + wanted.name()).start(() -> ask(wanted, fresh));
    }
    CompletableFuture<Void> unwanted = new CompletableFuture<>();
    cancellation.onCancel(() -> unwanted.complete(null));
    await(wanted, CompletableFuture.anyOf(answer, unwanted), deadline);
  }

  private void ask(Wanted wanted, CompletableFuture<Void> answer) {
    try {
      peers.give(wanted.owner(), wanted.volume());
      boolean _ = answer.complete(null);
    } catch (FailureException e) {
      boolean _ = answer.completeExceptionally(understood(wanted, e));
    } catch (RuntimeException | Error e) {
      boolean _ = answer.completeExceptionally(e);
    } finally {
      boolean _ = asked.remove(wanted.volume(), answer);
    }
  }

  /** An older flockerd does not know the question, and answers {@code NOT_FOUND}. */
  private static FailureException understood(Wanted wanted, FailureException failure) {
    return failure.failure() == RequestFailure.NOT_FOUND
        ? OwnershipFailure.KEPT_BY_OWNER
            .because(
                "the flockerd of node %s, which owns %s, is too old to be asked for it"
                    .formatted(wanted.owner(), wanted.name()))
            .causedBy(failure)
        : failure;
  }

  private static void await(Wanted wanted, CompletableFuture<Object> answer, long deadline)
      throws FailureException, InterruptedException {
    try {
      var _ = answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw OwnershipFailure.VOLUME_LOCKED.because(
          "%s is on its way here from node %s, which goes on; try again"
              .formatted(wanted.name(), wanted.owner()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FailureException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Found find(VolumeName name) throws FailureException {
    NamedVolumes named = new NamedVolumes(Set.of(name), Set.of());
    List<LocalVolume> here = here(name);
    List<KnownPeer> known = discovery.ask(named);
    Set<NodeId> owners = new LinkedHashSet<>();
    here.stream()
        .filter(volume -> volume.role() == Role.OWNER)
        .forEach(volume -> owners.add(volume.owner()));
    for (KnownPeer peer : known) {
      for (KnownPeer.RemoteVolume volume : peer.volumes().orElse(List.of())) {
        if (volume.role() == Role.OWNER) {
          owners.add(peer.node());
        }
      }
    }
    return new Found(name, here, known, owners);
  }

  private List<LocalVolume> here(VolumeName name) throws FailureException {
    return new ArrayList<>(discovery.here(new NamedVolumes(Set.of(name), Set.of())));
  }
}
