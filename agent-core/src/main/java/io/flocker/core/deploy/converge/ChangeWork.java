package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.Reason;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Does what plans say, a change at a time on the thread that asks. Any thread; blocks. */
public final class ChangeWork {
  private static final int TAIL_LINES = 20;

  private final ContainerEngine engine;
  private final Discoverer discoverer;
  private final VolumeMoves moves;
  private final PeerPreparation peers;
  private final Routes routes;
  private final Runs runs;
  private final UncertainStarts uncertain;

  /** Does it with these. */
  public ChangeWork(
      ContainerEngine engine,
      Discoverer discoverer,
      VolumeMoves moves,
      PeerPreparation peers,
      Routes routes,
      Runs runs) {
    this.peers = peers;
    this.engine = engine;
    this.discoverer = discoverer;
    this.moves = moves;
    this.routes = routes;
    this.runs = runs;
    this.uncertain = new UncertainStarts(engine);
  }

  /** Of what has become of containers; as {@link UncertainStarts#looked}. */
  void looked(Containers found, Predicate<String> isTouched, Executor executor) {
    uncertain.looked(found, isTouched, executor);
  }

  /**
   * Does one, whole or not at all.
   *
   * @param wish that it is part of
   * @param generation of it
   */
  void run(Change change, Deployment wish, long generation, Cancellation cancellation)
      throws FailureException, InterruptedException {
    cancellation.check();
    switch (change) {
      case Change.ResizeVolume resize -> moves.resize(id(resize.volume()), resize.toBytes());
      case Change.PrepareApplication prepare ->
          peers.prepare(prepare.application(), generation, prepare.on(), cancellation);
      case Change.PushVolume push -> moves.push(id(push.volume()), push.to(), cancellation);
      case Change.StopApplication stop -> stop(stop.application(), timeout(stop, wish));
      case Change.HandOffVolume handOff ->
          moves.handOff(id(handOff.volume()), handOff.to(), cancellation);
      case Change.AwaitVolume await ->
          throw new IllegalArgumentException("others do that: " + await);
      case Change.CreateVolume create -> moves.create(create);
      case Change.ReplicateVolume replicate ->
          moves.replicate(replicate.volume(), Optional.of(replicate.policy()));
      case Change.DropPolicy drop -> moves.replicate(drop.volume(), Optional.empty());
      case Change.SetRoutes set -> {
        var _ = routes.apply(set.routing());
      }
      case Change.StartApplication start -> {
        provide(start.definition(), cancellation);
        start(start.definition(), generation, cancellation);
      }
      case Change.RestartApplication restart -> {
        provide(restart.definition(), cancellation);
        remember(restart);
        stop(restart.application(), restart.definition().stopTimeout());
        start(restart.definition(), generation, cancellation);
      }
    }
  }

  private void stop(String application, Optional<Duration> timeout) throws FailureException {
    for (Container container : engine.containersOf(application)) {
      engine.stop(container, timeout);
      engine.remove(container);
    }
  }

  /** The image first: what runs goes on running while it is fetched. */
  private void provide(Application application, Cancellation cancellation) throws FailureException {
    try {
      engine.provide(
          application.image(),
          application.pullPolicy(),
          (_, _) -> {
            if (cancellation.isCancelled()) {
              throw new CancellationException("another wish has come");
            }
          });
    } catch (CancellationException _) {
      // As the next line says.
    }
    cancellation.check();
  }

  /**
   * Every volume is looked at last of all, since what the plan saw of it may be long ago, and kept
   * from then on: one that was unmounted meanwhile would leave a bare folder to the container.
   */
  private void start(Application application, long generation, Cancellation cancellation)
      throws FailureException {
    List<VolumeId> volumes = discoverer.readiness(application).volumes(application);
    try (KeptVolumes _ = KeptVolumes.keep(moves, volumes, "start of " + application.name())) {
      ContainerDefinition definition = requireReady(application, generation);
      cancellation.check();
      Optional<Container> made = engine.container(engine.create(definition));
      if (made.isPresent()) {
        requireStill(definition, application, generation);
        startKept(made.get(), volumes);
        stopUnlessStill(made.get(), application, generation);
      }
    }
  }

  /** An engine that has not answered may still start it, when nobody keeps the volumes any more. */
  private void startKept(Container made, List<VolumeId> volumes) throws FailureException {
    try {
      engine.start(made);
    } catch (FailureException e) {
      if (e.failure() == EngineFailure.ENGINE_SILENT) {
        uncertain.undo(made, moves, volumes, e);
      }
      throw e;
    }
  }

  private void stop(Container started, FailureException cause) {
    try {
      engine.stop(started, Optional.of(Duration.ZERO));
    } catch (FailureException e) {
      cause.addSuppressed(e);
    }
  }

  private void requireStill(ContainerDefinition made, Application application, long generation)
      throws FailureException {
    if (!requireReady(application, generation).folders().equals(made.folders())) {
      throw OwnershipFailure.VOLUME_NOT_WRITABLE.because(
          "a volume of " + application.name() + " is mounted elsewhere by now");
    }
  }

  /** Whom no turn at a volume keeps from taking it: operators by hand, and later owners. */
  private void stopUnlessStill(Container started, Application application, long generation)
      throws FailureException {
    try {
      requireStill(started.definition(), application, generation);
    } catch (FailureException e) {
      if (e.failure() == OwnershipFailure.VOLUME_NOT_WRITABLE) {
        stop(started, e);
        throw e;
      }
      // A pool that does not answer now says nothing of what is mounted.
    }
  }

  private ContainerDefinition requireReady(Application application, long generation)
      throws FailureException {
    return discoverer
        .readiness(application)
        .require(application, generation)
        .restarted(runs.restarts(application.name()));
  }

  /** Whether what is to be restarted ended by itself, or is not well. */
  static boolean isByItself(Change.RestartApplication restart) {
    return restart.reasons().stream()
        .map(Reason::kind)
        .anyMatch(kind -> kind == Reason.Kind.NOT_RUNNING || kind == Reason.Kind.UNHEALTHY);
  }

  /** What it has to say for itself is lost with its container. */
  private void remember(Change.RestartApplication restart) throws FailureException {
    if (!isByItself(restart)) {
      return;
    }
    for (Container container : engine.containersOf(restart.application())) {
      if (container.state().started().isEmpty()) {
        continue;
      }
      String trouble = container.state().trouble().orElse("it ran");
      runs.restarted(restart.application(), trouble + lastLines(container));
    }
  }

  /** For people who ask why: engines that keep no logs, or cannot read them, restart as others. */
  private String lastLines(Container container) {
    try {
      String tail = engine.tail(container, TAIL_LINES).strip();
      return tail.isEmpty() ? "" : "; its last lines: " + tail;
    } catch (FailureException e) {
      return "; its last lines cannot be had: " + e.detail();
    }
  }

  private static Optional<Duration> timeout(Change.StopApplication stop, Deployment wish) {
    return wish.application(stop.application()).flatMap(Application::stopTimeout);
  }

  private static VolumeId id(VolumeReference volume) throws FailureException {
    return volume
        .id()
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("nobody knows the id of " + volume));
  }
}
