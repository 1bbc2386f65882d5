package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.ContainerState.Health;
import io.flocker.core.deploy.engine.ContainerState.Status;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import io.flocker.core.deploy.plan.KnownPeer.RemoteVolume;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Route;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** What node A is told and finds, put together by tests; B and C are its peers. One thread. */
final class Scene {
  static final NodeId A = NodeId.parse("aaaaaaaa-0000-4000-8000-000000000001");
  static final NodeId B = NodeId.parse("bbbbbbbb-0000-4000-8000-000000000002");
  static final NodeId C = NodeId.parse("cccccccc-0000-4000-8000-000000000003");

  /** When the wish was told. */
  static final Instant ACCEPTED = Instant.parse("2026-01-02T03:04:05Z");

  private static final long GENERATION = 7;

  private final List<Application> wished = new ArrayList<>();
  private final Map<String, List<String>> places = new HashMap<>();
  private final Map<String, Run> runs = new HashMap<>();
  private final Map<VolumeId, OwnPolicy> policies = new HashMap<>();
  private final List<KnownPeer> peers = new ArrayList<>(List.of(peer(B), peer(C)));
  private List<Container> containers = new ArrayList<>();
  private final List<UnknownContainer> unknown = new ArrayList<>();
  private List<LocalVolume> volumes = new ArrayList<>();
  private Optional<Routes.Found> routes = Optional.of(new Routes.Found(false, true, Routing.NONE));
  private boolean isEngineAway;
  private boolean isPoolAway;

  /** An application without anything. */
  static Application plain(String name) {
    return Application.named(name, Image.parse("busybox:" + name)).build();
  }

  /** One that has these volumes. */
  static Application with(String name, String... volumes) {
    return plain(name).with().volumes(Stream.of(volumes).map(Scene::mount).toList()).build();
  }

  /** One that answers at this port of every node. */
  static Application at(String name, int port) {
    return plain(name).with().ports(List.of(Port.tcp(80, port))).build();
  }

  /** A volume of any size, by its name. */
  static MountedVolume mount(String volume) {
    return MountedVolume.of(VolumeName.parse("default." + volume), "/" + volume);
  }

  /** The same of at most so much. */
  static MountedVolume mount(String volume, long bytes) {
    MountedVolume any = mount(volume);
    return new MountedVolume(
        any.name(),
        any.id(),
        any.mountpoint(),
        false,
        OptionalLong.of(bytes),
        Optional.empty(),
        any.metadata(),
        Optional.empty());
  }

  /** The id of the volume that is called that, wherever it is. */
  static VolumeId id(String volume) {
    return new VolumeId(
        UUID.nameUUIDFromBytes(volume.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  static ExternalPort port(int number) {
    return new ExternalPort(io.flocker.core.deploy.Protocol.TCP, number);
  }

  static Route route(int number, NodeId to) {
    return new Route(port(number), location(to));
  }

  /** The wish has these on a node. */
  Scene wish(NodeId node, Application... applications) {
    return wish(node.toString(), applications);
  }

  /** The wish has these on what it calls a node. */
  Scene wish(String node, Application... applications) {
    for (Application application : applications) {
      wished.add(application);
      places.computeIfAbsent(node, _ -> new ArrayList<>()).add(application.name());
    }
    return this;
  }

  /** Here a container runs that was made so. */
  Scene runs(Application application) {
    return has(application, running(Optional.empty()));
  }

  /** Here a container is in that state. */
  Scene has(Application application, ContainerState state) {
    return has(container(application, state));
  }

  Scene has(Container container) {
    containers.add(container);
    return this;
  }

  /** Here a container is of which the engine tells no more. */
  Scene hangs(Application application, Processes processes) {
    unknown.add(
        new UnknownContainer(
            "c0ffee" + application.name(),
            application.name(),
            application.volumes(),
            processes,
            EngineFailure.ENGINE_SILENT.because("it has not answered within 5 s")));
    return this;
  }

  /** What flockerd remembers of it. */
  Scene remembers(String application, Run run) {
    runs.put(application, run);
    return this;
  }

  /** Of a volume this is said here, by a user or a wish. */
  Scene said(String volume, Policy policy, boolean isWished) {
    policies.put(id(volume), new OwnPolicy(policy, isWished));
    return this;
  }

  /** This node owns it, and it is mounted. */
  Scene owns(String volume) {
    return owns(volume, OptionalLong.empty());
  }

  Scene owns(String volume, OptionalLong bytes) {
    return has(local(volume, Role.OWNER, A, bytes, MountStatus.State.MOUNTED));
  }

  /** There is a dataset of it here, in a role other than owner. */
  Scene has(String volume, Role role, NodeId owner) {
    return has(local(volume, role, owner, OptionalLong.empty(), MountStatus.State.UNMOUNTED));
  }

  Scene has(LocalVolume volume) {
    volumes.add(volume);
    return this;
  }

  /** A peer has said that it owns these, and no others. */
  Scene owns(NodeId peer, String... owned) {
    return says(
        peer,
        Stream.of(owned)
            .map(name ->
                new RemoteVolume(
                    id(name),
                    VolumeName.parse("default." + name),
                    Role.OWNER,
                    peer,
                    OptionalLong.empty()))
            .toList());
  }

  /** A peer has said what it has. */
  Scene says(NodeId peer, List<RemoteVolume> has) {
    peers.replaceAll(one -> one.node().equals(peer) ? peer(peer, true, Optional.of(has)) : one);
    return this;
  }

  /** A peer does not answer. */
  Scene unreachable(NodeId peer) {
    peers.replaceAll(one -> one.node().equals(peer) ? peer(peer, false, Optional.empty()) : one);
    return this;
  }

  Scene knows(KnownPeer peer) {
    peers.add(peer);
    return this;
  }

  /** These are in force. */
  Scene routes(List<Route> led, List<ExternalPort> open) {
    routes = Optional.of(new Routes.Found(true, true, Routing.of(led, open)));
    return this;
  }

  Scene routes(Optional<Routes.Found> found) {
    routes = found;
    return this;
  }

  Scene engineAway() {
    isEngineAway = true;
    return this;
  }

  Scene poolAway() {
    isPoolAway = true;
    return this;
  }

  Wish wish() {
    List<NodeWish> nodes = new ArrayList<>();
    places.forEach((node, names) -> nodes.add(NodeWish.of(node, names)));
    return new Wish(new Deployment(wished, nodes), GENERATION, ACCEPTED);
  }

  Discovery discovery() {
    return new Discovery(
        A,
        addresses(A),
        isEngineAway ? Optional.empty() : Optional.of(new Containers(containers, unknown)),
        runs,
        isPoolAway ? Optional.empty() : Optional.of(volumes),
        policies,
        peers,
        routes);
  }

  Plan plan() {
    return Planner.plan(wish(), discovery());
  }

  /** The sentences of the plan, in order. */
  List<String> sentences() {
    return plan().steps().map(step -> step.change().text()).toList();
  }

  /** The phases of the plan, each with what kind of change is done to what. */
  List<String> changes() {
    return plan().steps().map(step -> step.change()).map(Scene::summary).toList();
  }

  /** Why things stay otherwise than wished. */
  List<Obstacle.Kind> obstacles() {
    return plan().obstacles().stream().map(Obstacle::kind).toList();
  }

  static ContainerState running(Optional<Health> health) {
    return new ContainerState(
        Status.RUNNING, 0, false, "", health, "", Optional.of(ACCEPTED), Optional.empty());
  }

  static ContainerState ended(int exitCode, Instant when) {
    return new ContainerState(
        Status.EXITED,
        exitCode,
        false,
        "",
        Optional.empty(),
        "",
        Optional.of(ACCEPTED.minusSeconds(60)),
        Optional.of(when));
  }

  static Container container(Application application, ContainerState state) {
    return container(application, state, A);
  }

  /** One that was made on that node. */
  static Container container(Application application, ContainerState state, NodeId node) {
    Map<String, Path> folders = new HashMap<>();
    application
        .volumes()
        .forEach(volume -> folders.put(volume.mountpoint(), folder(volume.name())));
    ContainerDefinition definition =
        ContainerDefinition.of(
            application, GENERATION - 1, folders, addresses(node).getFirst().host());
    return new Container(
        "c0ffee" + application.name(),
        definition.containerName(),
        definition,
        application.digest(),
        false,
        state);
  }

  static LocalVolume local(
      String volume, Role role, NodeId owner, OptionalLong bytes, MountStatus.State mount) {
    VolumeName name = VolumeName.parse("default." + volume);
    return new LocalVolume(
        id(volume),
        name,
        role,
        owner,
        bytes,
        new MountStatus(mount, Optional.empty()),
        folder(name));
  }

  static KnownPeer peer(NodeId node, boolean isReachable, Optional<List<RemoteVolume>> volumes) {
    return new KnownPeer(node, addresses(node), List.of(location(node)), isReachable, volumes);
  }

  /** What a change is and what it is of, such as "push db to B". */
  static String summary(Change change) {
    return switch (change) {
      case Change.ResizeVolume one -> "resize " + one.volume().name().id();
      case Change.PrepareApplication one ->
          "prepare " + one.application() + " at " + letter(one.on());
      case Change.PushVolume one -> "push " + one.volume().name().id() + " to " + letter(one.to());
      case Change.StopApplication one -> "stop " + one.application();
      case Change.HandOffVolume one ->
          "hand off " + one.volume().name().id() + " to " + letter(one.to());
      case Change.AwaitVolume one -> "await " + one.volume().name().id() + " " + one.cause();
      case Change.CreateVolume one -> "create " + one.volume().name().id();
      case Change.ReplicateVolume one ->
          "replicate %s to %s"
              .formatted(
                  one.volume().name().id(),
                  one.policy().peers().stream().map(Scene::letter).toList());
      case Change.DropPolicy one -> "drop policy of " + one.volume().name().id();
      case Change.SetRoutes _ -> "route";
      case Change.StartApplication one -> "start " + one.application();
      case Change.RestartApplication one -> "restart " + one.application();
    };
  }

  private static KnownPeer peer(NodeId node) {
    return peer(node, true, Optional.of(List.of()));
  }

  static List<Address> addresses(NodeId node) {
    return List.of(new Address(letter(node).toLowerCase(java.util.Locale.ROOT) + ".example", 4523));
  }

  static InetAddress location(NodeId node) {
    return InetAddress.ofLiteral("10.0.0." + (letter(node).charAt(0) - 'A' + 1));
  }

  private static Path folder(VolumeName name) {
    return Path.of("/flocker/" + name);
  }

  private static String letter(NodeId node) {
    return node.toString().substring(0, 1).toUpperCase(java.util.Locale.ROOT);
  }
}
