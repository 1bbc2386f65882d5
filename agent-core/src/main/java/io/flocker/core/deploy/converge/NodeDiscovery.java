package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.EngineEvent;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.deploy.plan.Discovery;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.deploy.plan.Run;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.loop.Waker;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.volume.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks around by the ports of the parts that a node has. Blocks; any thread may call. Listens to
 * the engine from the first look on, until {@link #close}.
 */
public final class NodeDiscovery implements Discoverer, AutoCloseable {
  private final NodeId self;
  private final List<Address> addresses;
  private final ContainerEngine engine;
  private final VolumeDiscovery volumes;
  private final Routes routes;
  private final Runs runs;
  private final Waker waker;
  private Optional<EngineWatch> watch = Optional.empty();

  /** Something that may not be found out now. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws FailureException;
  }

  /**
   * Looks around at the node {@code self}.
   *
   * @param addresses where this node is reached, the best first
   * @param waker is told what happens to containers
   */
  public NodeDiscovery(
      NodeId self,
      List<Address> addresses,
      ContainerEngine engine,
      VolumeDiscovery volumes,
      Routes routes,
      Runs runs,
      Waker waker) {
    this.self = self;
    this.addresses = List.copyOf(addresses);
    this.engine = engine;
    this.volumes = volumes;
    this.routes = routes;
    this.runs = runs;
    this.waker = waker;
  }

  /** The node's peers are asked only where a volume is to come or to go. */
  @Override
  public Discovery discover(Deployment wish) {
    listen();
    Optional<Ran> ran = found(this::ran);
    Optional<Containers> containers = ran.map(Ran::containers);
    NamedVolumes named =
        NamedVolumes.ofMounts(
            Stream.concat(
                    wish.placed().stream().flatMap(one -> one.volumes().stream()),
                    containers.orElse(Containers.NONE).volumes())
                .toList());
    Map<VolumeId, OwnPolicy> policies = volumes.policies();
    Optional<List<LocalVolume>> here = found(() -> volumes.here(named.and(wished(policies))));
    NamedVolumes travelling = travelling(wish, here.orElse(List.of()));
    return new Discovery(
        self,
        addresses,
        containers,
        ran.map(Ran::runs).orElse(Map.of()),
        here,
        policies,
        travelling.isEmpty() ? volumes.peers() : volumes.ask(travelling),
        found(routes::discover));
  }

  @Override
  public Readiness readiness(Application application) throws FailureException {
    NamedVolumes named = NamedVolumes.of(Stream.of(application));
    return new Readiness(named.isEmpty() ? List.of() : volumes.here(named), linkHost());
  }

  /** Ends its listening. Idempotent. */
  @Override
  public synchronized void close() {
    watch.ifPresent(EngineWatch::close);
    watch = Optional.empty();
  }

  /** A node that was told no wish has no business with an engine. */
  private synchronized void listen() {
    if (watch.isEmpty()) {
      watch = Optional.of(engine.watch(new Attention(runs, waker)));
    }
  }

  /** Has it looked around whenever something happens in the engine. */
  private record Attention(Runs runs, Waker waker) implements EngineListener {
    @Override
    public void look() {
      runs.engineBack();
      waker.wake();
    }

    @Override
    public void happened(EngineEvent event) {
      waker.wake();
    }

    @Override
    public void away(FailureException failure) {
      runs.engineAway();
      waker.wake();
    }
  }

  /** What the engine has, and what is remembered of it. */
  private record Ran(Containers containers, Map<String, Run> runs) {}

  private Ran ran() throws FailureException {
    Containers containers = engine.containers();
    return new Ran(containers, runs.of(containers, engine::begun));
  }

  private String linkHost() {
    return addresses.isEmpty() ? "localhost" : addresses.getFirst().host();
  }

  /** What is wished here and not owned here, or the other way round. */
  private NamedVolumes travelling(Deployment wish, List<LocalVolume> here) {
    return NamedVolumes.ofMounts(
        wish.nodes().stream()
            .flatMap(node -> {
              boolean isHere = node.isFor(self, addresses);
              return wish.applications(node).stream()
                  .flatMap(application -> application.volumes().stream())
                  .filter(mounted -> isHere != isOwned(mounted, here));
            })
            .toList());
  }

  /** Of which an earlier wish has said something that this one may not. */
  private static List<VolumeId> wished(Map<VolumeId, OwnPolicy> policies) {
    return policies.entrySet().stream()
        .filter(one -> one.getValue().isWished())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isOwned(MountedVolume mounted, List<LocalVolume> here) {
    NamedVolumes one = NamedVolumes.ofMounts(List.of(mounted));
    return here.stream()
        .anyMatch(
            volume -> volume.role() == Role.OWNER && one.includes(volume.id(), volume.name()));
  }

  private static <T> Optional<T> found(Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (FailureException _) {
      return Optional.empty(); // The plan says what cannot be done without it.
    }
  }
}
