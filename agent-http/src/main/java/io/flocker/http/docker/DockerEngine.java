package io.flocker.http.docker;

import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerEngine;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.EngineDescription;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.deploy.engine.PullProgress;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.retry.Backoff;
import io.flocker.http.net.EventLoops;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** A container engine that speaks the Docker Engine API over a UNIX socket. Any thread. */
public final class DockerEngine implements ContainerEngine {
  /** Where Docker listens unless it is told otherwise. */
  public static final Path USUAL_SOCKET = Path.of("/var/run/docker.sock");

  /** The option by which Docker knows its network {@code bridge}. */
  private static final String DEFAULT_BRIDGE = "com.docker.network.bridge.default_bridge";

  private static final int NOT_MODIFIED = 304;
  private static final int CONFLICT = 409;
  private static final int MAX_TAIL_BYTES = 16 * 1024;

  /** A container ends only once the kernel has let go of it; beyond the time that it may take. */
  private static final Duration AFTER_THE_KILL = Duration.ofSeconds(60);

  /** For a stop of which nobody says how long it may take; an image may have said it. */
  private static final Duration UNKNOWN_TIMEOUT = Duration.ofMinutes(10);

  /** Of a container that somebody is waiting for. */
  private static final Duration INSPECTION = Duration.ofSeconds(60);

  private static final Duration REMOVAL = Duration.ofSeconds(60);
  private static final Duration REMOVAL_PAUSE = Duration.ofMillis(200);

  private final EngineSocket socket;
  private final DockerApi api;
  private final ContainerSurvey survey;
  private final Patience patience;
  private final Set<DockerWatch> watches = ConcurrentHashMap.newKeySet();

  /** One that is reached when it is needed; whoever makes it closes it, before the loops. */
  public DockerEngine(EventLoops loops, Path path) {
    this(loops, path, Patience.USUAL);
  }

  DockerEngine(EventLoops loops, Path path, Patience patience) {
    this.socket = new EngineSocket(loops, path);
    this.api = new DockerApi(socket);
    this.survey = new ContainerSurvey(api, patience);
    this.patience = patience;
  }

  @Override
  public EngineDescription describe() throws FailureException {
    EngineAnswer answer = api.version();
    JsonNode document = answer.document();
    return new EngineDescription(
        document.path("Components").path(0).path("Name").asString("Engine"),
        document.path("Version").asString(""),
        ApiVersion.agree(answer).toString(),
        socket.toString());
  }

  /**
   * No answer has it, but Docker makes its network {@code bridge} anew at each start, unless
   * containers have outlived the engine: then none was ended. Podman answers for a network of that
   * name too, and its time says something else.
   */
  @Override
  public Optional<Instant> begun() throws FailureException {
    EngineAnswer answer =
        api.ask(EngineCall.get("find out when the engine began", "/networks/bridge"));
    if (answer.isNotFound()) {
      return Optional.empty();
    }
    JsonNode network = answer.required().document();
    return network.path("Options").path(DEFAULT_BRIDGE).asString("").equals("true")
        ? InspectedContainer.time(network.path("Created"))
        : Optional.empty();
  }

  @Override
  public Containers containers() throws FailureException {
    return survey.of(DockerLabels.APPLICATION);
  }

  @Override
  public List<Container> containersOf(String application) throws FailureException {
    return survey.of(DockerLabels.APPLICATION + "=" + application).whole();
  }

  @Override
  public Optional<Container> container(String id) throws FailureException {
    Optional<JsonNode> found = inspect(id);
    return found.isEmpty() ? Optional.empty() : InspectedContainer.read(found.get());
  }

  private Optional<JsonNode> inspect(String idOrName) throws FailureException {
    return ContainerSurvey.inspect(api, idOrName, INSPECTION);
  }

  @Override
  public String create(ContainerDefinition definition) throws FailureException {
    EngineAnswer answer =
        api.ask(
            EngineCall.post(
                "create container " + definition.containerName(),
                "/containers/create?name=" + encoded(definition.containerName()),
                ContainerBody.of(definition)));
    if (answer.isRefusal()) {
      throw notCreated(definition, answer);
    }
    String id = answer.document().path("Id").asString("");
    if (id.isEmpty()) {
      throw answer.unreadable("it has no id");
    }
    return id;
  }

  private FailureException notCreated(ContainerDefinition definition, EngineAnswer answer)
      throws FailureException {
    String words = answer.words().toLowerCase(Locale.ROOT);
    if (answer.status() == CONFLICT || words.contains("already in use")) {
      return nameTaken(definition, answer);
    }
    if (words.contains("source path does not exist")) {
      return answer.refusal(EngineFailure.MOUNT_UNSEEN);
    }
    return answer.refusal(
        answer.isNotFound() ? EngineFailure.IMAGE_NOT_FOUND : EngineFailure.ENGINE_FAILED);
  }

  private FailureException nameTaken(ContainerDefinition definition, EngineAnswer answer)
      throws FailureException {
    Optional<JsonNode> holder = inspect(definition.containerName());
    if (holder.filter(InspectedContainer::isOurs).isPresent()) {
      return answer.refusal(EngineFailure.CONTAINER_EXISTS);
    }
    FailureException taken = answer.refusal(EngineFailure.CONTAINER_NAME_TAKEN);
    return holder
        .map(other ->
            taken
                .told(
                    "that one is of the image %s, and not flockerd's"
                        .formatted(other.path("Config").path("Image").asString("?")))
                .with("container", other.path("Id").asString("")))
        .orElse(taken);
  }

  @Override
  public void start(Container container) throws FailureException {
    SeenFolders.require(api, container);
    EngineAnswer answer =
        api.ask(
            EngineCall.post(
                "start container " + container.shortName(), path(container, "/start"), null));
    if (answer.isRefusal()) {
      throw answer.refusal(notStarted(answer));
    }
  }

  private static EngineFailure notStarted(EngineAnswer answer) {
    if (answer.isNotFound()) {
      return EngineFailure.CONTAINER_NOT_FOUND;
    }
    String words = answer.words().toLowerCase(Locale.ROOT);
    if (words.contains("port is already allocated") || words.contains("address already in use")) {
      return EngineFailure.PORT_TAKEN;
    }
    return words.contains("source path does not exist")
        ? EngineFailure.MOUNT_UNSEEN
        : EngineFailure.ENGINE_FAILED;
  }

  @Override
  public void stop(Container container, Optional<Duration> timeout) throws FailureException {
    String query = timeout.map(time -> "?t=" + wholeSeconds(time)).orElse("");
    EngineAnswer answer =
        api.ask(
            EngineCall.post(
                    "stop container " + container.shortName(),
                    path(container, "/stop" + query),
                    null)
                .within(timeout.orElse(UNKNOWN_TIMEOUT).plus(AFTER_THE_KILL)));
    if (!answer.isNotFound() && answer.status() != NOT_MODIFIED) {
      EngineAnswer _ = answer.required();
    }
  }

  @Override
  public void remove(Container container) throws FailureException {
    // With v the volumes go that the engine made for it alone, because its image asks for some.
    EngineAnswer answer =
        api.ask(
            EngineCall.delete(
                "remove container " + container.shortName(), path(container, "?v=1")));
    boolean isUnderWay =
        answer.status() == CONFLICT && answer.words().contains("already in progress");
    if (isUnderWay) {
      awaitRemoval(container, answer);
    } else if (!answer.isNotFound()) {
      EngineAnswer _ = answer.required();
    }
  }

  private void awaitRemoval(Container container, EngineAnswer answer) throws FailureException {
    Backoff backoff = Backoff.every(REMOVAL_PAUSE).within(REMOVAL);
    try {
      while (inspect(container.id()).isPresent()) {
        if (!backoff.pause()) {
          throw answer.refusal(EngineFailure.ENGINE_SILENT);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("Nobody waits any more for " + container.shortName() + " to be removed.")
          .causedBy(e);
    }
  }

  @Override
  public void provide(Image image, PullPolicy policy, PullProgress progress)
      throws FailureException {
    if (policy == PullPolicy.ALWAYS) {
      DockerPull.run(api, image, progress);
      return;
    }
    EngineAnswer answer = look(image);
    if (!answer.isNotFound()) {
      EngineAnswer _ = answer.required();
    } else if (policy == PullPolicy.NEVER) {
      throw answer.refusal(EngineFailure.IMAGE_NOT_FOUND);
    } else {
      DockerPull.run(api, image, progress);
    }
  }

  private EngineAnswer look(Image image) throws FailureException {
    return api.ask(EngineCall.get("find the image " + image, "/images/" + image + "/json"));
  }

  @Override
  public String tail(Container container, int lines) throws FailureException {
    boolean hasTerminal =
        inspect(container.id())
            .map(document -> document.path("Config").path("Tty").asBoolean(false))
            .orElse(false);
    EngineCall call =
        EngineCall.get(
                "show the log of container " + container.shortName(),
                path(container, "/logs?stdout=1&stderr=1&tail=" + lines))
            .within(patience.log());
    Deadline deadline = Deadline.in(patience.log());
    try (EngineStream stream = api.stream(call, EngineFailure.ENGINE_FAILED)) {
      // Only newer engines say which it is.
      String type = stream.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      LogText text = new LogText(!hasTerminal || type.contains("multiplexed"), MAX_TAIL_BYTES);
      for (Optional<byte[]> part = stream.nextBy(deadline);
          part.isPresent();
          part = stream.nextBy(deadline)) {
        text.take(part.get());
      }
      return text.text();
    }
  }

  @Override
  public EngineWatch watch(EngineListener listener) {
    DockerWatch watch = new DockerWatch(api, listener, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  /** Ends all watches and calls. */
  @Override
  public void close() {
    List.copyOf(watches).forEach(DockerWatch::close);
    socket.close();
  }

  private static String path(Container container, String rest) {
    return "/containers/" + encoded(container.id()) + rest;
  }

  private static long wholeSeconds(Duration time) {
    return time.plusSeconds(1).minusNanos(1).toSeconds();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
