package io.flocker.http.ui;

import io.flocker.http.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** A Chromium without a window, and one page in it, led by its DevTools protocol. One thread. */
public final class Chromium implements AutoCloseable {
  public static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private static final long PATIENCE_SECONDS = 240;
  private static final long GRACE_SECONDS = 20;
  private static final long PAUSE_NANOS = 50_000_000;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final WebSocket page;
  private int last;

  /** Starts one whose files are below {@code folder}. */
  Chromium(Path folder) throws Exception {
    process =
        new ProcessBuilder(command(folder, "--remote-debugging-port=0", "about:blank"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    page =
        client
            .newWebSocketBuilder()
            .buildAsync(debugger(folder.resolve("DevToolsActivePort")), new Answers())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The command of one without a window, which asks nothing of the net by itself. */
  public static List<String> command(Path profile, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
    command.addAll(List.of(more));
    return command;
  }

  /** Asks for something of the protocol, and waits for the answer. */
  JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
    last++;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(last, answer);
    String text =
        new String(
            Json.write(Map.of("id", last, "method", method, "params", parameters)),
            StandardCharsets.UTF_8);
    var _ = page.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    JsonNode told = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (told.has("error")) {
      throw new AssertionError(method + ": " + told.path("error"));
    }
    return told.path("result");
  }

  /** What an expression of JavaScript is, in the page. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode answer =
        ask(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  /** Waits until an expression is true. */
  void await(String expression) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!evaluate(expression).asBoolean(false)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited in vain: " + expression + "\n" + evaluate("document.body.innerText"));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Presses and lets go a key. */
  void press(String key, int code) throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      var _ =
          ask(
              "Input.dispatchKeyEvent",
              Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
  }

  /** Returns when nothing of it runs any more: what it writes can be deleted then. */
  @Override
  public void close() {
    List<ProcessHandle> parts = process.descendants().toList();
    page.abort();
    client.close();
    process.destroy();
    try {
      for (ProcessHandle part : parts) {
        end(part);
      }
      end(process.toHandle());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(ProcessHandle part) throws InterruptedException {
    try {
      var _ = part.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException _) {
      boolean _ = part.destroyForcibly();
    }
  }

  /** Where the only page there is can be led. */
  private URI debugger(Path portFile) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        String port = Files.readAllLines(portFile).getFirst();
        HttpRequest list =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
        JsonNode pages = Json.read(client.send(list, BodyHandlers.ofByteArray()).body());
        for (JsonNode one : pages) {
          if (one.path("type").stringValue().equals("page")) {
            return URI.create(one.path("webSocketDebuggerUrl").stringValue());
          }
        }
      } catch (IOException | RuntimeException _) {
        // Not yet.
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    process.destroyForcibly();
    throw new AssertionError(
        "Chromium does not start: " + Files.readString(portFile.resolveSibling("output")));
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        JsonNode told = Json.read(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
        CompletableFuture<JsonNode> answer = asked.remove(told.path("id").asInt(0));
        if (answer != null) {
          answer.complete(told);
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
