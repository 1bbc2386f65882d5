package io.flocker.http.docker;

import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.http.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the Docker Engine API, in the newest version that both sides know. Blocking: any thread
 * but an event loop.
 */
final class DockerApi {
  /** The longest answer that is held whole. */
  static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

  /** For what the engine knows by heart: a sign of life, its version. */
  private static final Duration PING = Duration.ofSeconds(10);

  /** How often the engine is asked for a sign of life while nothing comes. */
  static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private static final byte[] NOTHING = {};

  private final EngineSocket socket;
  private volatile Optional<ApiVersion> agreed = Optional.empty();

  DockerApi(EngineSocket socket) {
    this.socket = socket;
  }

  EngineSocket socket() {
    return socket;
  }

  /**
   * Asks, and takes the whole answer, a refusal too. What changes something is an action of the
   * log.
   *
   * @throws FailureException {@code ENGINE_UNAVAILABLE}, {@code ENGINE_SILENT}, {@code
   *     ENGINE_UNSUPPORTED}, {@code ENGINE_OUTPUT_UNREADABLE}, {@code CANCELLED}
   */
  EngineAnswer ask(EngineCall call) throws FailureException {
    String target = target(call);
    if (call.isLook()) {
      return exchange(call, target);
    }
    Action action = Action.start(ActionType.ENGINE_CHANGE, call.fields());
    try {
      EngineAnswer answer = exchange(call, target);
      action.succeed(Map.of("status", answer.status()));
      return answer;
    } catch (FailureException e) {
      action.fail(e);
      throw e;
    }
  }

  /**
   * Asks for what goes on.
   *
   * @param refused what it is if the engine refuses
   */
  EngineStream stream(EngineCall call, EngineFailure refused) throws FailureException {
    String target = target(call);
    EngineExchange exchange = socket.send(call.method(), target, bytes(call.body()));
    try {
      Deadline deadline = Deadline.in(call.patience());
      EngineExchange.Head head = exchange.head(deadline);
      if (EngineAnswer.isRefusal(head.status())) {
        ByteBuffer body = collect(call, exchange, deadline);
        throw new EngineAnswer(socket, call, head.status(), head.headers(), body).refusal(refused);
      }
      return new EngineStream(this, call, exchange, head.headers());
    } catch (FailureException e) {
      exchange.close();
      throw e;
    } catch (IOException | TimeoutException | InterruptedException e) {
      exchange.close();
      throw failure(call, e);
    }
  }

  /** See {@link EngineStream#next}. */
  Optional<byte[]> next(EngineCall call, EngineExchange exchange, Duration patience)
      throws FailureException {
    while (true) {
      try {
        return exchange.next(patience);
      } catch (TimeoutException _) {
        ping();
      } catch (IOException | InterruptedException e) {
        throw failure(call, e);
      }
    }
  }

  /** See {@link EngineStream#nextBy}. */
  Optional<byte[]> nextBy(EngineCall call, EngineExchange exchange, Deadline deadline)
      throws FailureException {
    try {
      if (deadline.left().isNegative()) { // What comes all the time never is too late by itself.
        throw new TimeoutException();
      }
      return exchange.next(deadline.left());
    } catch (IOException | TimeoutException | InterruptedException e) {
      throw failure(call, e);
    }
  }

  /**
   * Asks for a sign of life.
   *
   * @throws FailureException if there is none
   */
  void ping() throws FailureException {
    EngineCall call = EngineCall.get("give a sign of life", "/_ping").within(PING);
    EngineAnswer _ = exchange(call, call.path()).required();
  }

  /** Has the next call ask for the versions anew: the engine may be another one by then. */
  void forgetVersion() {
    agreed = Optional.empty();
  }

  /** What the engine says of itself. */
  EngineAnswer version() throws FailureException {
    return version(PING);
  }

  private EngineAnswer version(Duration patience) throws FailureException {
    EngineCall call = EngineCall.get("tell its version", "/version").within(patience);
    return exchange(call, call.path()).required();
  }

  private String target(EngineCall call) throws FailureException {
    return "/v" + agree(call.patience()) + call.path();
  }

  private ApiVersion agree(Duration patience) throws FailureException {
    Optional<ApiVersion> known = agreed;
    if (known.isEmpty()) {
      known = Optional.of(ApiVersion.agree(version(patience)));
      agreed = known;
    }
    return known.get();
  }

  private EngineAnswer exchange(EngineCall call, String target) throws FailureException {
    try (EngineExchange exchange = socket.send(call.method(), target, bytes(call.body()))) {
      Deadline deadline = Deadline.in(call.patience());
      EngineExchange.Head head = exchange.head(deadline);
      ByteBuffer body = collect(call, exchange, deadline);
      return new EngineAnswer(socket, call, head.status(), head.headers(), body);
    } catch (IOException | TimeoutException | InterruptedException e) {
      throw failure(call, e);
    }
  }

  private ByteBuffer collect(EngineCall call, EngineExchange exchange, Deadline deadline)
      throws IOException, TimeoutException, InterruptedException, FailureException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Optional<byte[]> part = exchange.next(deadline.left());
        part.isPresent();
        part = exchange.next(deadline.left())) {
      if (body.size() + part.get().length > MAX_ANSWER_BYTES) {
        throw unreadable(call, "it is longer than " + MAX_ANSWER_BYTES + " bytes");
      }
      body.writeBytes(part.get());
    }
    return ByteBuffer.wrap(body.toByteArray());
  }

  private FailureException failure(EngineCall call, Exception cause) {
    return switch (cause) {
      case EngineExchange.UnreachableException _ -> {
        forgetVersion();
        yield EngineFailure.ENGINE_UNAVAILABLE
            .because(
                "Nothing answers at %s, which was asked to %s: %s."
                    .formatted(socket, call.doing(), words(cause.getCause())))
            .causedBy(cause);
      }
      case EngineExchange.NotHttpException _ ->
          unreadable(call, "it is not HTTP/1.1").causedBy(cause);
      case IOException _ -> {
        forgetVersion();
        yield undecided(
            call,
            EngineFailure.ENGINE_UNAVAILABLE
                .because(
                    "The engine at %s ended the connection while it was asked to %s."
                        .formatted(socket, call.doing()))
                .causedBy(cause));
      }
      case TimeoutException _ ->
          undecided(
              call,
              EngineFailure.ENGINE_SILENT.because(
                  "The engine at %s was asked to %s, and has not answered within %d s."
                      .formatted(socket, call.doing(), call.patience().toSeconds())));
      case InterruptedException _ -> {
        Thread.currentThread().interrupt();
        yield undecided(
            call,
            TransferFailure.CANCELLED
                .because(
                    "Nobody waits any more for the engine at %s to %s."
                        .formatted(socket, call.doing()))
                .causedBy(cause));
      }
      default -> throw new IllegalStateException(cause);
    };
  }

  /** What was to be changed may have been all the same. */
  private static FailureException undecided(EngineCall call, FailureException failure) {
    return call.isLook() ? failure : failure.undecided();
  }

  private FailureException unreadable(EngineCall call, String why) {
    return EngineFailure.ENGINE_OUTPUT_UNREADABLE.because(
        "The engine at %s was asked to %s, and its answer cannot be read: %s."
            .formatted(socket, call.doing(), why));
  }

  private static String words(@Nullable Throwable cause) {
    String said = String.valueOf(cause == null ? "" : cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof FileNotFoundException || said.contains("no such file")) {
      return "there is no such socket";
    }
    if (said.contains("refused")) {
      return "no engine listens there";
    }
    if (said.contains("denied")) {
      return "this process may not use it";
    }
    return said.isEmpty() ? "it cannot be reached" : said;
  }

  private static byte[] bytes(@Nullable Object body) {
    return body == null ? NOTHING : Json.write(body);
  }
}
