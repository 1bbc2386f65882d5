package io.flocker.http.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flocker.core.identity.Principal;
import io.flocker.http.describe.DescriptionRoutes;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.MissingNode;

/**
 * What the page asks of a node, without TLS, since nobody gives a certificate to the browser: the
 * pages themselves as they are served, and for the rest what a test says. Any thread.
 */
final class StubNode implements AutoCloseable {
  private static final String SIGN_OF_LIFE = ":\n\n";
  private static final String CUT = "";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Route> page =
      new DescriptionRoutes("1.2.3")
          .over(new PageRoutes().routes()).stream()
              .collect(Collectors.toMap(Route::path, Function.identity()));
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> lastIds = new CopyOnWriteArrayList<>();
  private final List<String> methods = new CopyOnWriteArrayList<>();

  /** For who came last. */
  private volatile BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private volatile boolean isAway;

  StubNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ui");
  }

  /** What is answered from now on. */
  void answer(String path, String json) {
    answers.put(path, json);
  }

  /** From now on that is not to be had. */
  void refuse(String path) {
    answers.remove(path);
  }

  /** Tells an event to whoever listens. */
  void tell(String id, String type, String json) {
    events.add("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, type, json));
  }

  /** Ends the stream of events, and lets nobody listen before it is back. */
  void leave() {
    isAway = true;
    events.add(CUT);
  }

  void comeBack() {
    isAway = false;
  }

  /** After which events it was asked to go on, each time; empty for none. */
  List<String> lastIds() {
    return List.copyOf(lastIds);
  }

  /** Other methods by which anything was asked for. */
  List<String> strangeMethods() {
    return methods.stream().filter(method -> !method.equals("GET")).toList();
  }

  @Override
  public void close() {
    events.add(CUT);
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      methods.add(exchange.getRequestMethod());
      String path = exchange.getRequestURI().getPath();
      if (page.get(path) instanceof JsonRoute file) {
        JsonResponse response = response(file);
        response.headers().forEach(exchange.getResponseHeaders()::set);
        RawBody body = (RawBody) Objects.requireNonNull(response.body());
        byte[] bytes = new byte[body.bytes().remaining()];
        body.bytes().duplicate().get(bytes);
        send(exchange, 200, body.mediaType(), bytes);
      } else if (path.equals("/v1/events") && !isAway) {
        listen(exchange);
      } else {
        Optional<String> answer = Optional.ofNullable(answers.get(path));
        send(
            exchange,
            answer.isPresent() ? 200 : 503,
            "application/json",
            answer.orElse("{\"title\":\"It is not there\",\"remedy\":\"Wait.\"}").getBytes(UTF_8));
      }
    }
  }

  private static JsonResponse response(JsonRoute file) throws IOException {
    try {
      return file.handler()
          .handle(
              new JsonRequest(
                  new Principal.User("alice"),
                  Map.of(),
                  Map.of(),
                  Map.of(),
                  MissingNode.getInstance()));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void listen(HttpExchange exchange) throws IOException {
    BlockingQueue<String> own = new LinkedBlockingQueue<>();
    events.add(CUT); // Who listened before is gone.
    events = own;
    lastIds.add(
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")).orElse(""));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("retry: 2000\nid: 00-0\n\n".getBytes(UTF_8));
      out.flush();
      String event = SIGN_OF_LIFE;
      while (!event.equals(CUT)) {
        out.write(event.getBytes(UTF_8));
        out.flush();
        event = Objects.requireNonNullElse(own.poll(10, SECONDS), SIGN_OF_LIFE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
