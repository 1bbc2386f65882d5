package io.flocker.http.docker;

import io.flocker.core.deploy.engine.EngineEvent;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows the engine's events on a thread of its own. No gap, whatever happens to the engine: an
 * engine that was restarted has forgotten what happened before, so after each connection the
 * listener is told to look; and the engine answers before it begins to listen itself, so it is
 * asked for the moments before that, too. What comes twice is harmless.
 */
final class DockerWatch implements EngineWatch {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** To look for a socket costs next to nothing. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** How much of the time before the connection is asked for again. */
  static final Duration OVERLAP = Duration.ofSeconds(5);

  private static final EngineCall CALL = EngineCall.get("tell what happens to containers", "");

  private final DockerApi api;
  private final EngineListener listener;
  private final Consumer<DockerWatch> whenClosed;
  private final Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE);
  private final Thread thread;
  private boolean isAway;
  private volatile boolean isClosed;
  private volatile @Nullable EngineStream open;

  DockerWatch(DockerApi api, EngineListener listener, Consumer<DockerWatch> whenClosed) {
    this.api = api;
    this.listener = listener;
    this.whenClosed = whenClosed;
    this.thread = Thread.ofVirtual().name("engine-watch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    EngineStream running = open;
    if (running != null) {
      running.close();
    }
    whenClosed.accept(this);
    if (!thread.equals(Thread.currentThread())) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isClosed) {
        try {
          follow();
        } catch (FailureException e) {
          lost(e);
        } catch (RuntimeException e) {
          Action.traceback(e); // Whatever the engine has sent, it is heard again.
          lost(EngineFailure.ENGINE_FAILED.because("its events cannot be read").causedBy(e));
        }
        boolean _ = backoff.pause();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** Until the connection ends. */
  private void follow() throws FailureException {
    Instant since = Instant.now().minus(OVERLAP);
    EngineCall call = EngineCall.get(CALL.doing(), DockerEvents.path(since));
    try (EngineStream stream = api.stream(call, EngineFailure.ENGINE_FAILED)) {
      open = stream;
      found();
      JsonLines lines = new JsonLines(stream);
      for (Optional<JsonNode> line = lines.next(DockerApi.HEARTBEAT);
          line.isPresent();
          line = lines.next(DockerApi.HEARTBEAT)) {
        Optional<EngineEvent> event = DockerEvents.read(line.get());
        event.ifPresent(known -> tell(() -> listener.happened(known)));
      }
      throw EngineFailure.ENGINE_UNAVAILABLE.because(
          "The engine at " + api.socket() + " has ended the stream of its events.");
    } finally {
      open = null;
    }
  }

  private void found() {
    if (isAway) {
      isAway = false;
      Action.message(MessageType.ENGINE_BACK, Map.of("engine", api.socket().toString()));
    }
    backoff.reset();
    tell(listener::look);
  }

  private void lost(FailureException failure) {
    api.forgetVersion();
    if (isClosed) {
      return;
    }
    if (!isAway) {
      isAway = true;
      Action.message(
          MessageType.ENGINE_AWAY,
          Map.of("engine", api.socket().toString(), "detail", failure.detail()));
    }
    tell(() -> listener.away(failure));
  }

  /** A fault of the listener must not end what it has to hear. */
  private static void tell(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException e) {
      Action.traceback(e);
    }
  }
}
