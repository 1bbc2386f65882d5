package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.EngineDescription;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.deploy.engine.PullProgress;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.event.Event;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.loop.Waker;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A node with one peer, all of it in memory, whose clock stands still unless it is told to go on.
 * Changes are done when the test says so, on its own thread. Everything that is asked can be made
 * to fail.
 */
final class SimulatedNode
    implements ContainerEngine, VolumeDiscovery, VolumeMoves, Routes, EndStore, InstantSource {
  static final NodeId SELF = NodeId.parse("11111111-1111-4111-8111-111111111111");
  static final NodeId PEER = NodeId.parse("22222222-2222-4222-8222-222222222222");
  static final Instant START = Instant.parse("2026-11-26T12:00:00Z");

  final List<Runnable> waiting = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final List<FailureException> logged = new ArrayList<>();
  final List<String> violations = new ArrayList<>();
  final Map<String, Container> containers = new TreeMap<>();
  final Map<VolumeName, LocalVolume> here = new LinkedHashMap<>();
  final Map<VolumeName, VolumeId> there = new LinkedHashMap<>();
  final Map<VolumeId, OwnPolicy> policies = new LinkedHashMap<>();
  private Instant now = START;
  private Optional<Map<String, Instant>> stored = Optional.empty();
  private Optional<Instant> engineBegun = Optional.empty();
  Runs runs = remembered();
  final VolumeLocks locks = new VolumeLocks();
  final Waker waker = new Waker();
  Predicate<String> fails = _ -> false;

  /** What the engine does not answer. */
  Predicate<String> hangs = _ -> false;

  boolean isEngineAway;

  /** Applications whose containers the engine lists, and cannot be asked about. */
  final Set<String> hanging = new TreeSet<>();

  boolean isPeerAway;
  Configuration configuration = Configuration.NONE;
  Convergence convergence = convergence();

  /** What could not be done about routes. */
  List<String> undone = List.of();

  private Routing routing = Routing.NONE;
  private int made;

  private Runs remembered() {
    try {
      return Runs.open(this, START.minus(Duration.ofHours(1)), this, logged::add);
    } catch (FailureException e) {
      throw new AssertionError(e);
    }
  }

  private Convergence convergence() {
    NodeDiscovery discovery =
        new NodeDiscovery(
            SELF, List.of(Address.parse("10.0.0.1:4523")), this, this, this, runs, waker);
    return new Convergence(
        SELF,
        () -> configuration,
        discovery,
        new ChangeWork(
            this,
            discovery,
            this,
            (application, _, _, _) -> call("prepare " + application),
            this,
            runs),
        runs,
        waiting::add,
        this,
        waker::wake,
        events::add);
  }

  /** Its daemon ends, at any moment, and is started anew; what was under way is lost. */
  void restart() {
    waiting.clear();
    runs = remembered();
    convergence = convergence();
  }

  /** It is told another wish. */
  void wish(Deployment wish) {
    configuration = new Configuration(configuration.generation() + 1, Optional.of(now), wish);
  }

  /** Looks and does what can be done, until there is nothing more to do at this moment. */
  void settle() {
    do {
      var _ = convergence.round();
    } while (work());
    var _ = convergence.round();
  }

  /** Does all that was begun, and what that lets begin. */
  boolean work() {
    boolean hasWorked = false;
    while (!waiting.isEmpty()) {
      waiting.removeFirst().run();
      hasWorked = true;
    }
    return hasWorked;
  }

  /** Time goes on. */
  void pass(Duration time) {
    now = now.plus(time);
  }

  ObjectStatus status(String kind, String name) {
    return convergence.status().objects().stream()
        .filter(object -> object.kind().equals(kind) && object.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(convergence.status().toString()));
  }

  boolean runs(String application) {
    Container container = containers.get(application);
    return container != null && container.state().isAlive();
  }

  /** Gives this node a volume, mounted. */
  VolumeId own(VolumeName name, VolumeId id) {
    here.put(
        name,
        new LocalVolume(
            id,
            name,
            Role.OWNER,
            SELF,
            OptionalLong.empty(),
            new MountStatus(MountStatus.State.MOUNTED, Optional.empty()),
            Path.of("/flocker", name.toString())));
    return id;
  }

  /** The engine has started the container of an application, whoever waits for that. */
  void started(String application) {
    put(Objects.requireNonNull(containers.get(application)), ContainerState.Status.RUNNING, 0);
  }

  /** The process of an application ends by itself. */
  void end(String application, int exitCode) {
    Container container = containers.get(application);
    if (container != null && container.state().isAlive()) {
      put(container, ContainerState.Status.EXITED, exitCode);
    }
  }

  /** What tests an application says that it is not well. */
  void sicken(String application) {
    Container container = Objects.requireNonNull(containers.get(application));
    ContainerState state = container.state();
    containers.put(
        application,
        new Container(
            container.id(),
            container.name(),
            container.definition(),
            container.digest(),
            false,
            new ContainerState(
                state.status(),
                0,
                false,
                "",
                Optional.of(ContainerState.Health.UNHEALTHY),
                "",
                state.started(),
                state.ended())));
  }

  /** The engine ends all containers, as one that is stopped does. */
  void endAll() {
    List.copyOf(containers.keySet()).forEach(application -> end(application, 143));
  }

  /** What daemons have seen end is lost, or was never kept. */
  void forgetEnds() {
    stored = Optional.empty();
  }

  /** The engine begins anew, and tells since when. */
  void beginEngine() {
    engineBegun = Optional.of(now);
  }

  /** What must never happen; the loop takes it for one more thing that failed. */
  private AssertionError violation(String what) {
    violations.add(what);
    return new AssertionError(what);
  }

  private void call(String what) throws FailureException {
    calls.add(what);
    if (fails.test(what)) {
      throw StorageFailure.POOL_UNAVAILABLE.because("it was made to fail: " + what);
    }
  }

  private void engine(String what) throws FailureException {
    if (isEngineAway) {
      throw EngineFailure.ENGINE_UNAVAILABLE.because("it is away");
    }
    if (hangs.test(what)) {
      calls.add(what);
      throw EngineFailure.ENGINE_SILENT.because("it hangs: " + what);
    }
    call(what);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public EngineDescription describe() {
    return new EngineDescription("Simulated", "1", "1.41", "memory");
  }

  @Override
  public Optional<Instant> begun() throws FailureException {
    engine("begun");
    return engineBegun;
  }

  @Override
  public Optional<Map<String, Instant>> read() {
    return stored;
  }

  @Override
  public void write(Map<String, Instant> ends) throws FailureException {
    call("write-ends");
    stored = Optional.of(Map.copyOf(ends));
  }

  @Override
  public Containers containers() throws FailureException {
    engine("list");
    List<Container> known = new ArrayList<>();
    List<UnknownContainer> unknown = new ArrayList<>();
    for (Container one : containers.values()) {
      if (hanging.contains(one.application())) {
        unknown.add(
            new UnknownContainer(
                one.id(),
                one.application(),
                one.definition().application().volumes(),
                one.state().isAlive() ? Processes.SOME : Processes.PERHAPS,
                EngineFailure.ENGINE_SILENT.because(one.shortName() + " hangs")));
      } else {
        known.add(one);
      }
    }
    return new Containers(known, unknown);
  }

  @Override
  public List<Container> containersOf(String application) throws FailureException {
    engine("list");
    if (hanging.contains(application)) {
      throw EngineFailure.ENGINE_SILENT.because("it hangs");
    }
    return containers.values().stream()
        .filter(one -> one.application().equals(application))
        .toList();
  }

  @Override
  public Optional<Container> container(String id) throws FailureException {
    engine("inspect");
    return containers.values().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  @Override
  public String create(ContainerDefinition definition) throws FailureException {
    String application = definition.application().name();
    engine("create " + application);
    if (containers.containsKey(application)) {
      throw EngineFailure.CONTAINER_EXISTS.because(application);
    }
    String id = "container-" + made++;
    Container container =
        new Container(
            id,
            definition.containerName(),
            definition,
            definition.application().digest(),
            false,
            state(ContainerState.Status.CREATED, 0, Optional.empty(), Optional.empty()));
    containers.put(application, container);
    return id;
  }

  @Override
  public void start(Container container) throws FailureException {
    engine("start " + container.application());
    Application application = container.definition().application();
    application
        .volumes()
        .forEach(mounted -> {
          LocalVolume volume = here.get(mounted.name());
          if (volume == null || !volume.isUsable()) {
            throw violation(application.name() + " started without " + mounted.name());
          }
        });
    put(container, ContainerState.Status.RUNNING, 0);
  }

  @Override
  public void stop(Container container, Optional<Duration> timeout) throws FailureException {
    engine("stop " + container.application());
    end(container.application(), 143);
  }

  @Override
  public void remove(Container container) throws FailureException {
    engine("remove " + container.application());
    containers.values().removeIf(one -> one.id().equals(container.id()));
  }

  @Override
  public void provide(Image image, PullPolicy policy, PullProgress progress)
      throws FailureException {
    engine("provide " + image);
    progress.reached(1, 2);
  }

  @Override
  public String tail(Container container, int lines) throws FailureException {
    engine("tail " + container.application());
    return "last words\n";
  }

  @Override
  public EngineWatch watch(EngineListener listener) {
    return () -> {};
  }

  @Override
  public void close() {}

  private void put(Container container, ContainerState.Status status, int exitCode) {
    boolean isEnd = status == ContainerState.Status.EXITED;
    containers.put(
        container.application(),
        new Container(
            container.id(),
            container.name(),
            container.definition(),
            container.digest(),
            false,
            state(
                status,
                exitCode,
                isEnd ? container.state().started() : Optional.of(now),
                isEnd ? Optional.of(now) : Optional.empty())));
  }

  private static ContainerState state(
      ContainerState.Status status,
      int exitCode,
      Optional<Instant> started,
      Optional<Instant> ended) {
    return new ContainerState(status, exitCode, false, "", Optional.empty(), "", started, ended);
  }

  @Override
  public List<LocalVolume> here(NamedVolumes named) throws FailureException {
    call("volumes");
    return here.values().stream()
        .filter(volume -> named.includes(volume.id(), volume.name()))
        .toList();
  }

  @Override
  public Map<VolumeId, OwnPolicy> policies() {
    return Map.copyOf(policies);
  }

  @Override
  public void replicate(VolumeReference volume, Optional<Policy> policy) throws FailureException {
    call("replicate " + volume.name());
    VolumeId id = Objects.requireNonNull(here.get(volume.name())).id();
    if (policy.isPresent()) {
      policies.put(id, new OwnPolicy(policy.get(), true));
    } else {
      policies.computeIfPresent(id, (_, said) -> said.isWished() ? null : said);
    }
  }

  @Override
  public List<KnownPeer> peers() {
    return List.of(peer(Optional.empty()));
  }

  @Override
  public List<KnownPeer> ask(NamedVolumes named) {
    calls.add("ask");
    if (isPeerAway) {
      return peers();
    }
    return List.of(
        peer(
            Optional.of(
                there.entrySet().stream()
                    .filter(one -> named.includes(one.getValue(), one.getKey()))
                    .map(one ->
                        new KnownPeer.RemoteVolume(
                            one.getValue(), one.getKey(), Role.OWNER, PEER, OptionalLong.empty()))
                    .toList())));
  }

  private KnownPeer peer(Optional<List<KnownPeer.RemoteVolume>> owned) {
    return new KnownPeer(
        PEER,
        List.of(Address.parse("10.0.0.2:4523")),
        List.of(InetAddress.ofLiteral("10.0.0.2")),
        !isPeerAway,
        owned);
  }

  @Override
  public void create(Change.CreateVolume volume) throws FailureException {
    call("create-volume " + volume.volume());
    if (isPeerAway) {
      throw TransferFailure.PEER_UNREACHABLE.because("the peer has not said that it has it not");
    }
    VolumeId id = volume.volume().id().orElseGet(VolumeId::random);
    if (here.containsKey(volume.volume().name()) || there.containsKey(volume.volume().name())) {
      throw violation("there are two volumes " + volume.volume());
    }
    var _ = own(volume.volume().name(), id);
  }

  @Override
  public void resize(VolumeId volume, OptionalLong toBytes) throws FailureException {
    call("resize");
    here.replaceAll((_, one) ->
        one.id().equals(volume)
            ? new LocalVolume(
                one.id(), one.name(), one.role(), one.owner(), toBytes, one.mount(), one.folder())
            : one);
  }

  @Override
  public VolumeLocks.Lease keep(VolumeId volume, String user) throws FailureException {
    return locks.share(volume, user);
  }

  @Override
  public void push(VolumeId volume, NodeId to, Cancellation cancellation) throws FailureException {
    call("push " + name(volume));
    requireThere();
    cancellation.check();
  }

  @Override
  public void handOff(VolumeId volume, NodeId to, Cancellation cancellation)
      throws FailureException {
    VolumeName name = name(volume);
    call("hand-off " + name);
    requireThere();
    cancellation.check();
    containers.values().stream()
        .filter(one -> one.state().isAlive())
        .flatMap(one -> one.definition().application().volumes().stream())
        .filter(mounted -> mounted.name().equals(name))
        .forEach(_ -> {
          throw violation(name + " was taken away under its application");
        });
    var _ = here.remove(name);
    there.put(name, volume);
  }

  /** The peer gives back what this node was wished to have. */
  void giveBack(VolumeName name) {
    VolumeId id = there.remove(name);
    if (id != null) {
      var _ = own(name, id);
    }
  }

  private void requireThere() throws FailureException {
    if (isPeerAway) {
      throw TransferFailure.PEER_UNREACHABLE.because("it is away");
    }
  }

  private VolumeName name(VolumeId volume) {
    return here.values().stream()
        .filter(one -> one.id().equals(volume))
        .map(LocalVolume::name)
        .findFirst()
        .orElseThrow(() -> new AssertionError("volume " + volume + " is not here"));
  }

  @Override
  public Found discover() throws FailureException {
    call("routes");
    return new Found(!routing.isEmpty(), true, routing, undone);
  }

  @Override
  public Applied apply(Routing wish) throws FailureException {
    call("set-routes");
    routing = wish;
    return new Applied(true, List.of());
  }

  @Override
  public Optional<String> forgetStale() {
    return Optional.empty();
  }

  @Override
  public List<String> examine() {
    return List.of();
  }

  /** What of ours leads where. */
  Routing routing() {
    return routing;
  }
}
