package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.deploy.converge.ChangeWork;
import io.flocker.core.deploy.converge.Convergence;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.EndStore;
import io.flocker.core.deploy.converge.NodeDiscovery;
import io.flocker.core.deploy.converge.Preparation;
import io.flocker.core.deploy.converge.Runs;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Nftables;
import io.flocker.core.deploy.route.RouteSettings;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.loop.Waker;
import io.flocker.core.operation.Operations;
import io.flocker.core.os.BootTime;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.StuckChildren;
import io.flocker.http.api.ConfigurationRoutes;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.docker.DockerEngine;
import io.flocker.http.net.EventLoops;
import io.flocker.transfer.assembly.ByteMover;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Puts together what brings the wish about: the engine, the routes, the moves of volumes. One
 * thread; used once.
 */
record DesiredState(
    NodeConfiguration configuration, NodeId self, Address advertised, ResourceStack closing) {
  /** How long a peer is waited for that does not say what it has of the volumes of a wish. */
  private static final Duration PEER_WAIT = Duration.ofSeconds(10);

  /** What the API tells of it. */
  record Told(
      ConfigurationBook wish,
      Convergence convergence,
      ContainerEngine engine,
      Preparation preparation)
      implements ConfigurationRoutes.ConvergenceView {
    @Override
    public Plan plan(Configuration wish) {
      return convergence.plan(wish);
    }

    @Override
    public ConvergenceStatus status() {
      return convergence.status();
    }

    /** A node that was told no wish needs no engine, and has nothing of ours in one. */
    @Override
    public List<Container> containers() throws FailureException {
      try {
        return engine.containers().whole();
      } catch (FailureException e) {
        if (e.failure() == EngineFailure.ENGINE_UNAVAILABLE && !wish.current().isThere()) {
          return List.of();
        }
        throw e;
      }
    }

    @Override
    public SortedSet<Integer> answeredPorts() {
      return wish.current().deployment().placed().stream()
          .flatMap(application -> application.ports().stream())
          .filter(port -> port.protocol() == Protocol.TCP)
          .map(Port::external)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Makes what compares the node with the wish and works off the differences; the caller runs it.
   */
  Told convergence(
      ConfigurationBook wish,
      EventLoops loops,
      ByteMover mover,
      Operations operations,
      VolumeDocuments documents,
      Waker waker,
      EndStore ends,
      EventSink events)
      throws IOException, FailureException {
    ContainerEngine engine = closing.add(new DockerEngine(loops, configuration.engine().socket()));
    Routes routes = routes();
    var _ = Thread.ofVirtual().name("stale-connections").start(() -> forgetStale(routes));
    Runs runs = Runs.open(Clock.systemUTC(), BootTime.ofThisMachine(), ends);
    NodeDiscovery discovery =
        closing.add(
            new NodeDiscovery(
                self,
                List.of(advertised),
                engine,
                mover.discovery(PEER_WAIT),
                routes,
                runs,
                waker));
    Convergence convergence =
        new Convergence(
            self,
            wish::current,
            discovery,
            new ChangeWork(
                engine,
                discovery,
                mover.moves(operations, documents),
                mover.preparation(),
                routes,
                runs),
            runs,
            change -> {
              var _ = Thread.ofVirtual().name("change").start(change);
            },
            Clock.systemUTC(),
            waker::wake,
            events);
    Preparation preparation =
        new Preparation(
            self,
            List.of(advertised),
            wish::current,
            engine,
            fetch -> {
              var _ = Thread.ofVirtual().name("fetch").start(fetch);
            });
    return new Told(wish, convergence, engine, preparation);
  }

  /** A node without a packet filter has no routes; its doctor and each change say what to do. */
  private static void forgetStale(Routes routes) {
    try {
      var _ = routes.forgetStale(); // Which tells in the log and to each look what it could not do.
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  private Routes routes() {
    Set<ExternalPort> reserved =
        Set.of(new ExternalPort(Protocol.TCP, Math.max(1, advertised.port())));
    return new Nftables(
        RouteSettings.reserving(reserved), new StuckChildren(), CommandObserver.NONE);
  }
}
