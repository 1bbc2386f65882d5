package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Containers that an engine was told to start, and of which it has not said what became of that: it
 * may do it at any time. Their volumes stay where they are until it has, or cannot any more, since
 * the container is gone. Any thread.
 */
final class UncertainStarts {
  private final ContainerEngine engine;
  private final Map<String, Uncertain> byId = new HashMap<>();
  private final Set<String> beingRemoved = new HashSet<>();

  private record Uncertain(Container container, KeptVolumes volumes) {}

  UncertainStarts(ContainerEngine engine) {
    this.engine = engine;
  }

  /**
   * Undoes such a start, and keeps the volumes where the engine does not say that it has.
   *
   * @param volumes that the container uses
   * @param cause is told what else failed
   */
  void undo(Container started, VolumeMoves moves, List<VolumeId> volumes, FailureException cause) {
    try {
      engine.stop(started, Optional.of(Duration.ZERO));
      engine.remove(started);
    } catch (FailureException e) {
      cause.addSuppressed(e);
      keep(started, moves, volumes, cause);
    }
  }

  private void keep(
      Container started, VolumeMoves moves, List<VolumeId> volumes, FailureException cause) {
    try {
      String user = "start of %s, which hangs,".formatted(started.shortName());
      Uncertain uncertain = new Uncertain(started, KeptVolumes.keep(moves, volumes, user));
      synchronized (this) {
        byId.put(started.id(), uncertain);
      }
    } catch (FailureException e) {
      cause.addSuppressed(e); // The caller has them still, and whoever shares that may share this.
    }
  }

  /**
   * Lets go of what has become certain, and has what can be ended now be ended.
   *
   * @param found what there was at a look that has just ended
   * @param isTouched of which applications something was changed since that look began
   */
  void looked(Containers found, Predicate<String> isTouched, Executor executor) {
    List<Uncertain> certain = new ArrayList<>();
    List<Container> idle = new ArrayList<>();
    synchronized (this) {
      for (Uncertain one : byId.values()) {
        String id = one.container().id();
        if (isTouched.test(one.container().application())
            || found.unknown().stream().anyMatch(unknown -> unknown.id().equals(id))) {
          continue;
        }
        Optional<Container> known =
            found.known().stream().filter(container -> container.id().equals(id)).findFirst();
        if (known.isEmpty() || known.get().state().isAlive()) {
          certain.add(one);
        } else if (beingRemoved.add(id)) {
          idle.add(known.get());
        }
      }
      certain.forEach(one -> byId.remove(one.container().id()));
    }
    certain.forEach(one -> one.volumes().close());
    idle.forEach(one -> executor.execute(() -> remove(one)));
  }

  /** One that is gone is not started any more, whatever the engine has still to do. */
  private void remove(Container idle) {
    try {
      engine.remove(idle);
    } catch (FailureException e) {
      Action.traceback(e); // It has begun meanwhile, or the next look tries again.
    } finally {
      synchronized (this) {
        beingRemoved.remove(idle.id());
      }
    }
  }
}
