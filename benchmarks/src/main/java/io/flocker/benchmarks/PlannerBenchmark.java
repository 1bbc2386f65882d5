package io.flocker.benchmarks;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.plan.Discovery;
import io.flocker.core.deploy.plan.KnownPeer;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.plan.Planner;
import io.flocker.core.deploy.plan.Wish;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Route;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one node's plan costs, of a wish of 500 applications on three nodes, each with a volume, a
 * port, a link and an environment.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class PlannerBenchmark {
  private static final int APPLICATIONS = 500;
  private static final int FIRST_PORT = 10_000;
  private static final Instant ACCEPTED = Instant.parse("2026-01-02T03:04:05Z");

  private final List<NodeId> nodes = List.of(NodeId.random(), NodeId.random(), NodeId.random());

  private Wish wish;
  private Wish moved;
  private Discovery nothing;
  private Discovery asWished;
  private Plan movingAll;

  /** Makes the wishes, and what a node finds before and after the first of them. */
  @Setup
  public void found() {
    wish = wish(0);
    moved = wish(1);
    nothing = discovery(List.of(), List.of(), new Routes.Found(false, true, Routing.NONE));
    asWished = asWished();
    if (!Planner.plan(wish, asWished).isEmpty()) {
      throw new IllegalStateException("it is not as wished");
    }
    movingAll = Planner.plan(moved, asWished);
  }

  /** All is as wished. */
  @Benchmark
  public Plan unchanged() {
    return Planner.plan(wish, asWished);
  }

  /** Nothing is there yet. */
  @Benchmark
  public Plan everythingNew() {
    return Planner.plan(wish, nothing);
  }

  /** Every application goes to the next node. */
  @Benchmark
  public Plan everythingMoves() {
    return Planner.plan(moved, asWished);
  }

  /** Writes that plan as a dry run shows it. */
  @Benchmark
  public byte[] writeThat() {
    return JsonMappers.WIRE.writeValueAsBytes(movingAll);
  }

  private Wish wish(int turn) {
    List<Application> applications = new ArrayList<>();
    List<List<String>> places = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < APPLICATIONS; i++) {
      applications.add(application(i));
      places.get((i + turn) % nodes.size()).add("app-" + i);
    }
    List<NodeWish> wishes = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      wishes.add(NodeWish.of(nodes.get(i).toString(), places.get(i)));
    }
    return new Wish(new Deployment(applications, wishes), turn + 1L, ACCEPTED);
  }

  private static Application application(int number) {
    return Application.named("app-" + number, Image.parse("registry:5000/team/app:1"))
        .volumes(List.of(MountedVolume.of(VolumeName.parse("default.app-" + number), "/data")))
        .ports(List.of(Port.tcp(80, FIRST_PORT + number)))
        .links(List.of(new Link(80, FIRST_PORT, "first")))
        .program(
            new Program(
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(Map.of("LEVEL", "info", "NUMBER", String.valueOf(number))),
                Optional.empty(),
                Optional.empty()))
        .build();
  }

  /** What the first node has once its part of the wish has come true. */
  private Discovery asWished() {
    List<Container> containers = new ArrayList<>();
    List<LocalVolume> volumes = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    List<ExternalPort> open = new ArrayList<>();
    for (int i = 0; i < APPLICATIONS; i++) {
      int owner = i % nodes.size();
      Application application = application(i);
      MountedVolume volume = application.volumes().getFirst();
      Path folder = Path.of("/flocker/" + volume.name());
      boolean isHere = owner == 0;
      volumes.add(
          new LocalVolume(
              VolumeId.random(),
              volume.name(),
              isHere ? Role.OWNER : Role.REPLICA,
              nodes.get(owner),
              OptionalLong.empty(),
              new MountStatus(
                  isHere ? MountStatus.State.MOUNTED : MountStatus.State.UNMOUNTED,
                  Optional.empty()),
              folder));
      ExternalPort port =
          new ExternalPort(
              application.ports().getFirst().protocol(), application.ports().getFirst().external());
      if (isHere) {
        open.add(port);
        containers.add(container(application, folder));
      } else {
        routes.add(new Route(port, location(owner)));
      }
    }
    return discovery(containers, volumes, new Routes.Found(true, true, Routing.of(routes, open)));
  }

  private static Container container(Application application, Path folder) {
    return new Container(
        application.name(),
        ContainerDefinition.containerName(application.name()),
        ContainerDefinition.of(application, 1, Map.of("/data", folder), "node-0.example"),
        application.digest(),
        false,
        new ContainerState(
            ContainerState.Status.RUNNING,
            0,
            false,
            "",
            Optional.empty(),
            "",
            Optional.of(ACCEPTED),
            Optional.empty()));
  }

  private Discovery discovery(
      List<Container> containers, List<LocalVolume> volumes, Routes.Found routes) {
    List<KnownPeer> peers = new ArrayList<>();
    for (int i = 1; i < nodes.size(); i++) {
      peers.add(
          new KnownPeer(
              nodes.get(i),
              List.of(address(i)),
              List.of(location(i)),
              true,
              Optional.of(List.of())));
    }
    return new Discovery(
        nodes.getFirst(),
        List.of(address(0)),
        Optional.of(Containers.of(containers)),
        Map.of(),
        Optional.of(volumes),
        Map.of(),
        peers,
        Optional.of(routes));
  }

  private static Address address(int node) {
    return new Address("node-" + node + ".example", 4523);
  }

  private static InetAddress location(int node) {
    return InetAddress.ofLiteral("10.0.0." + (node + 1));
  }
}
