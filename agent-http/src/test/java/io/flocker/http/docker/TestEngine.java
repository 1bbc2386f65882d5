package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.os.TestNetwork;
import io.flocker.core.storage.Needs;
import io.flocker.http.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A real Docker engine that this test alone uses; see {@code init/with-docker}. */
public final class TestEngine implements AutoCloseable {
  /** The image that it has. */
  public static final String IMAGE = "flocker/busybox:latest";

  /** Another command like {@code init/with-docker}, for another engine. */
  private static final String OTHER = "flocker.test.engine";

  private static final Path WITH_DOCKER =
      Path.of("..", "init", "with-docker").toAbsolutePath().normalize();
  private static final int CANNOT = 125;
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path socket;
  private final Path folder;

  private TestEngine(Process process, Path socket, Path folder) {
    this.process = process;
    this.socket = socket;
    this.folder = folder;
  }

  /** Starts one in a network of its own, or skips {@code test}. */
  public static TestEngine start(String test) throws IOException, InterruptedException {
    return start(test, List.of());
  }

  /** Starts one in a network that is there, or skips {@code test}. */
  public static TestEngine start(String test, TestNetwork.Place place)
      throws IOException, InterruptedException {
    return start(test, List.of("--network", place.namespace().toString()));
  }

  private static TestEngine start(String test, List<String> options)
      throws IOException, InterruptedException {
    Needs.root(test);
    Path words = Files.createTempFile("with-docker", ".err");
    List<String> command = new ArrayList<>();
    command.add(System.getProperty(OTHER, WITH_DOCKER.toString()));
    command.addAll(options);
    command.addAll(
        List.of(
            "sh", "-c", "echo \"${DOCKER_HOST#unix://}\"; echo \"$FLOCKER_ENGINE_FOLDER\"; cat"));
    Process process = new ProcessBuilder(command).redirectError(words.toFile()).start();
    BufferedReader said = process.inputReader(UTF_8);
    String socket = said.readLine();
    String folder = said.readLine();
    if (folder == null) {
      if (process.waitFor() == CANNOT) {
        Needs.missing(test, Files.readString(words).strip());
      }
      throw new IllegalStateException(Files.readString(words));
    }
    Files.delete(words);
    return new TestEngine(process, Path.of(socket), Path.of(folder));
  }

  public Path socket() {
    return socket;
  }

  /** The process to kill, in vain: the engine is started again. */
  long pid() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
  }

  /** Ends the engine as a crash does; it starts again by itself, with what it had stored. */
  public void crash() throws IOException, InterruptedException {
    run("kill", "-KILL", String.valueOf(pid()));
  }

  /**
   * Stops the engine as its service does: it ends its containers first. Returns once it is there
   * again.
   */
  public void restart() throws IOException, InterruptedException {
    long before = pid();
    String _ = run("kill", "-TERM", String.valueOf(before));
    Process gone = new ProcessBuilder("tail", "-f", "/dev/null", "--pid=" + before).start();
    int _ = gone.waitFor();
    String _ =
        ask("--retry", "120", "--retry-delay", "1", "--retry-all-errors", "http://engine/_ping");
  }

  /** Stops dockerd itself, or lets it go on: it takes connections and says nothing. */
  public void signalDaemon(String signal) throws IOException, InterruptedException {
    String init = String.valueOf(pid());
    String children = Files.readString(Path.of("/proc", init, "task", init, "children")).strip();
    for (String child : List.of(children.split(" "))) {
      if (Files.readString(Path.of("/proc", child, "comm")).strip().equals("dockerd")) {
        run("kill", "-" + signal, child);
      }
    }
  }

  /** Runs a command in the engine's network, where published ports answer. */
  String inItsNetwork(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid() + "/ns/net"));
    all.addAll(List.of(command));
    return run(all.toArray(new String[0]));
  }

  /** Has the engine find a volume plugin of that name at a socket of this machine's. */
  public void plugin(String name, Path pluginSocket) throws IOException, InterruptedException {
    String _ =
        run(
            "nsenter",
            "--mount=/proc/" + pid() + "/ns/mnt",
            "sh",
            "-c",
            "mkdir -p /run/docker/plugins && ln -sfn \"$1\" /run/docker/plugins/\"$0\".sock",
            name,
            pluginSocket.toString());
  }

  /** What {@code docker} says to the engine, at its good end. */
  public String docker(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("docker", "--host", "unix://" + socket));
    all.addAll(List.of(arguments));
    return run(all.toArray(new String[0])).strip();
  }

  /** Has it make an image out of {@link #IMAGE} that runs {@code command} unless told otherwise. */
  public void makeImage(String repository, String... command)
      throws IOException, InterruptedException {
    JsonNode made = post("/containers/create", Map.of("Image", IMAGE, "Cmd", List.of(command)));
    String id = made.path("Id").stringValue();
    JsonNode _ = post("/commit?container=" + id + "&repo=" + repository + "&tag=latest", Map.of());
    String _ = ask("--request", "DELETE", "http://engine/containers/" + id);
  }

  private JsonNode post(String path, Object body) throws IOException, InterruptedException {
    String answer =
        ask(
            "--header",
            "Content-Type: application/json",
            "--data",
            new String(Json.write(body), UTF_8),
            "http://engine" + path);
    return Json.read(answer.getBytes(UTF_8));
  }

  private String ask(String... rest) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sS", "--fail-with-body", "--unix-socket", socket.toString()));
    command.addAll(List.of(rest));
    return run(command.toArray(new String[0]));
  }

  /** Runs a command to its good end. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the engine does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
