package io.flocker.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node that answers what a test tells it to, over mutual TLS. Any thread. */
public final class FakeDaemon implements AutoCloseable {
  private static final int NO_BODY = -1;

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Headers> headers = new CopyOnWriteArrayList<>();

  /** Starts one that shows these credentials. */
  public FakeDaemon(Credentials credentials) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    server = HttpsServer.create(new InetSocketAddress(loopback, 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(credentials.sslContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(TlsPolicy.server());
          }
        });
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * The next answer to a request, such as {@code GET /v1/node}; the last one is given again and
   * again.
   */
  public FakeDaemon answer(String request, int status, String body) {
    return answer(request, status, body, Map.of());
  }

  /** The same with headers of its own. */
  public FakeDaemon answer(String request, int status, String body, Map<String, String> headers) {
    return add(request, new Answer(status, body, headers));
  }

  /** Breaks the connection off at the next such request. */
  public FakeDaemon breakOff(String request) {
    return add(request, new Answer(0, "", Map.of()));
  }

  /** What was asked: method, path with query, and the body if there was one. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The values of a header in the requests that bore it, one after the other. */
  public List<String> headers(String name) {
    return headers.stream()
        .filter(all -> all.containsKey(name))
        .map(all -> all.getFirst(name))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private FakeDaemon add(String request, Answer answer) {
    answers.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      requests.add((request + " " + body).stripTrailing());
      headers.add(exchange.getRequestHeaders());
      Answer answer = next(request);
      if (answer.status() == 0) {
        return;
      }
      byte[] bytes = answer.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? NO_BODY : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer next(String request) {
    Deque<Answer> queue = answers.getOrDefault(request, new ArrayDeque<>());
    synchronized (queue) {
      return switch (queue.size()) {
        case 0 -> new Answer(500, "the test did not expect " + request, Map.of());
        case 1 -> queue.getFirst();
        default -> queue.removeFirst();
      };
    }
  }

  /** Status 0 answers nothing at all. */
  private record Answer(int status, String body, Map<String, String> headers) {}
}
