package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Gets ready for applications that run on another node still: their images are fetched before they
 * are stopped there. Any thread. Nothing is fetched that this node's own wish does not name, and
 * each image once at a time.
 */
public final class Preparation {
  private final NodeId self;
  private final List<Address> addresses;
  private final Supplier<Configuration> configuration;
  private final ContainerEngine engine;
  private final Executor executor;
  private final Map<Fetch, CompletableFuture<Void>> underWay = new HashMap<>();

  private record Fetch(Image image, PullPolicy policy) {}

  /**
   * Gets {@code self} ready.
   *
   * @param addresses where this node is reached
   * @param executor runs each fetch, on a thread of its own
   */
  public Preparation(
      NodeId self,
      Collection<Address> addresses,
      Supplier<Configuration> configuration,
      ContainerEngine engine,
      Executor executor) {
    this.self = self;
    this.addresses = List.copyOf(addresses);
    this.configuration = configuration;
    this.engine = engine;
    this.executor = executor;
  }

  /**
   * Has what an application needs fetched, and waits for that a while. Blocks.
   *
   * @param generation of the wish by which whoever asks acts
   * @param wait how long at most
   * @return whether all is there; else it is still being fetched
   * @throws FailureException {@code NOT_WISHED_HERE} where this node's wish, which may be an older
   *     or a newer one, does not have it run here; or what the engine says
   */
  public boolean prepare(String application, long generation, Duration wait)
      throws FailureException, InterruptedException {
    Application wished = require(application, generation);
    CompletableFuture<Void> fetched = fetch(new Fetch(wished.image(), wished.pullPolicy()));
    try {
      var _ = fetched.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FailureException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Application require(String application, long generation) throws FailureException {
    Configuration wish = configuration.get();
    if (wish.generation() < generation) {
      throw RequestFailure.NOT_WISHED_HERE.because(
          "node %s has not been told generation %d, which has %s run here; it knows %d"
              .formatted(self, generation, application, wish.generation()));
    }
    return wish.deployment().nodes().stream()
        .filter(node -> node.isFor(self, addresses))
        .filter(node -> node.applications().contains(application))
        .map(NodeWish::node)
        .findFirst()
        .flatMap(_ -> wish.deployment().application(application))
        .orElseThrow(() ->
            RequestFailure.NOT_WISHED_HERE.because(
                "node %s is not to run %s, by generation %d"
                    .formatted(self, application, wish.generation())));
  }

  private CompletableFuture<Void> fetch(Fetch wanted) {
    CompletableFuture<Void> fetched = new CompletableFuture<>();
    synchronized (this) {
      CompletableFuture<Void> earlier = underWay.putIfAbsent(wanted, fetched);
      if (earlier != null) {
        return earlier;
      }
    }
    executor.execute(() -> fetch(wanted, fetched));
    return fetched;
  }

  private void fetch(Fetch wanted, CompletableFuture<Void> fetched) {
    Throwable failure = null;
    try {
      engine.provide(wanted.image(), wanted.policy(), (_, _) -> {});
    } catch (FailureException | RuntimeException | Error e) {
      failure = e;
    }
    synchronized (this) {
      var _ = underWay.remove(wanted);
    }
    boolean _ = failure == null ? fetched.complete(null) : fetched.completeExceptionally(failure);
  }
}
