package io.flocker.http.client;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.TaskId;
import io.flocker.core.pki.TlsPolicy;
import io.flocker.core.retry.Backoff;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * JSON over HTTPS to one node: deadlines, problems, and repetition where it is safe. Any thread.
 *
 * <p>Every mutation bears a key of its own, so that the node does it once however often it is sent:
 * what broke off is sent again under the same key. Where the node says how long to wait, that is
 * waited for.
 */
final class JsonCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final long MAX_ANSWER_BYTES = 16L << 20;
  private static final int REPETITIONS = 2;
  private static final Duration PAUSE = Duration.ofMillis(300);

  /** A node that asks for more is left to the caller, who knows how long he can wait. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";
  private static final int MAX_PROBLEM_BYTES = 1 << 20;

  private final URI node;
  private final Supplier<Optional<TaskId>> tasks;
  private final HttpClient http;

  /**
   * Calls {@code node}.
   *
   * @param tasks asked before each request for the place in an Eliot task that the node continues
   */
  JsonCalls(URI node, SSLContext tls, Supplier<Optional<TaskId>> tasks) {
    this.node = node;
    this.tasks = tasks;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .sslContext(tls)
            .sslParameters(TlsPolicy.client())
            .build();
  }

  <T> T get(String path, Class<T> type) throws FailureException, IOException, InterruptedException {
    return get(path, Duration.ZERO, type);
  }

  /** Like the other, from a route that may take up to {@code wait} on purpose. */
  <T> T get(String path, Duration wait, Class<T> type)
      throws FailureException, IOException, InterruptedException {
    return read(send(request(path).GET(), ANSWER.plus(wait)), type);
  }

  /** What a route answers, of any media type. */
  byte[] get(String path) throws FailureException, IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(request(path).setHeader("Accept", "*/*").GET(), ANSWER);
    refuseProblem(answer.statusCode(), answer.body());
    return answer.body();
  }

  <T> T post(String path, Object body, Class<T> type)
      throws FailureException, IOException, InterruptedException {
    return mutate("POST", path, json(body), type);
  }

  <T> T put(String path, Object body, Class<T> type)
      throws FailureException, IOException, InterruptedException {
    return mutate("PUT", path, json(body), type);
  }

  /** Sends a merge patch (RFC 7396), as JSON. */
  <T> T patch(String path, Object body, Class<T> type)
      throws FailureException, IOException, InterruptedException {
    return mutate("PATCH", path, json(body), type);
  }

  void delete(String path) throws FailureException, IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(mutation("DELETE", path, BodyPublishers.noBody()), ANSWER);
    refuseProblem(answer.statusCode(), answer.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private <T> T mutate(String method, String path, BodyPublisher body, Class<T> type)
      throws FailureException, IOException, InterruptedException {
    return read(send(mutation(method, path, body), ANSWER), type);
  }

  private HttpRequest.Builder mutation(String method, String path, BodyPublisher body) {
    return request(path)
        .method(method, body)
        .header("Content-Type", JSON)
        .header("Idempotency-Key", UUID.randomUUID().toString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path))
        .header("Accept", JSON + ", " + Problem.MEDIA_TYPE);
  }

  private BodyPublisher json(Object body) {
    return BodyPublishers.ofByteArray(Json.write(body));
  }

  /** Sends a request that may be sent again: it changes nothing, or bears a key. */
  private HttpResponse<byte[]> send(HttpRequest.Builder request, Duration deadline)
      throws UnreachableException, InterruptedException {
    Backoff backoff = Backoff.from(PAUSE, LONGEST_PAUSE).atMost(REPETITIONS);
    while (true) {
      try {
        HttpResponse<byte[]> answer = exchange(traced(request), deadline);
        Optional<Duration> pause = pause(answer);
        if (pause.isEmpty() || !backoff.pause(pause.get())) {
          return answer;
        }
      } catch (UnreachableException e) {
        if (!isTransient(e.getCause()) || !backoff.pause()) {
          throw e;
        }
      }
    }
  }

  /** Each place in a task is used once (Eliot), so a repetition has another. */
  private HttpRequest traced(HttpRequest.Builder request) {
    tasks.get().ifPresent(task -> request.setHeader(TaskId.HEADER, task.toString()));
    return request.build();
  }

  /** How long the node wants to be left alone; empty where that is too long, or it does not say. */
  private static Optional<Duration> pause(HttpResponse<?> answer) {
    if (answer.statusCode() < 400) {
      return Optional.empty();
    }
    return answer
        .headers()
        .firstValue("Retry-After") // RFC 9110, section 10.2.3; our nodes never send a date
        .filter(text -> text.matches("[0-9]{1,4}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .filter(pause -> pause.compareTo(LONGEST_PAUSE) <= 0);
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, Duration deadline)
      throws UnreachableException, InterruptedException {
    return await(
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES)),
        deadline);
  }

  private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, Duration deadline)
      throws UnreachableException, InterruptedException {
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnreachableException(
          node + " did not answer within " + deadline.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw UnreachableException.of(node, Objects.requireNonNullElse(e.getCause(), e));
    } finally {
      answer.cancel(true);
    }
  }

  /** Opens an answer that goes on for as long as somebody reads it. */
  InputStream open(String path, Optional<String> lastId)
      throws FailureException, IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path).setHeader("Accept", EVENTS + ", " + Problem.MEDIA_TYPE);
    lastId.ifPresent(id -> request.setHeader("Last-Event-ID", id));
    HttpResponse<InputStream> answer =
        await(http.sendAsync(traced(request), BodyHandlers.ofInputStream()), ANSWER);
    if (answer.statusCode() >= 300) {
      try (InputStream body = answer.body()) {
        refuseProblem(answer.statusCode(), body.readNBytes(MAX_PROBLEM_BYTES));
      }
    }
    return answer.body();
  }

  private <T> T read(HttpResponse<byte[]> answer, Class<T> type)
      throws FailureException, UnreachableException {
    refuseProblem(answer.statusCode(), answer.body());
    String unreadable = node + answer.uri().getPath() + " answers what this version cannot read";
    try {
      JsonNode document = Json.read(answer.body());
      if (!document.isObject()) {
        throw new UnreachableException(unreadable);
      }
      return Json.convert(document, type);
    } catch (JacksonException e) {
      throw new UnreachableException(unreadable, e);
    }
  }

  private void refuseProblem(int status, byte[] body)
      throws FailureException, UnreachableException {
    if (status < 300) {
      return;
    }
    try {
      JsonNode document = Json.read(body);
      if (document.isObject()) {
        throw Problem.read(status, document);
      }
    } catch (JacksonException _) {
      // Said below: no problem document, no flockerd.
    }
    throw new UnreachableException(
        node + " answers status " + status + " and no problem: is it a flockerd?");
  }

  /**
   * Whether the same request may succeed a moment later: not where nobody listens, or TLS fails.
   */
  private static boolean isTransient(@Nullable Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof ConnectException)
        && !(cause instanceof SSLException);
  }
}
