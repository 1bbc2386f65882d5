package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.HealthCheck;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Privileges;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.Excerpt;
import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The answer of ContainerInspect of the Engine API, read back into what it was made from. */
final class InspectedContainer {
  private static final String CAPABILITY_PREFIX = "CAP_";
  private static final String ULIMIT_PREFIX = "rlimit_";

  /** What the engine says of a time that never was: year 1. */
  private static final Instant NEVER = Instant.EPOCH;

  private final JsonNode document;
  private final JsonNode config;
  private final JsonNode host;
  private final StatedDefinition stated;

  private InspectedContainer(JsonNode document, StatedDefinition stated) {
    this.document = document;
    this.config = document.path("Config");
    this.host = document.path("HostConfig");
    this.stated = stated;
  }

  /**
   * The container; empty if flockerd has not made it, whatever labels it has been given.
   *
   * @throws FailureException {@code ENGINE_OUTPUT_UNREADABLE} where it is flockerd's by its labels,
   *     and the rest does not say what it was made from
   */
  static Optional<Container> read(JsonNode document) throws FailureException {
    JsonNode labels = labelsOf(document);
    Optional<StatedDefinition> stated = stated(labels);
    if (stated.isEmpty()) {
      return Optional.empty();
    }
    InspectedContainer ours = new InspectedContainer(document, stated.get());
    try {
      return Optional.of(ours.container(labels));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw EngineFailure.ENGINE_OUTPUT_UNREADABLE
          .because(
              "Container %s bears flockerd's labels, and what it was made with cannot be read: %s."
                  .formatted(
                      Container.shortName(ours.name(), document.path("Id").asString("")),
                      e.getMessage()))
          .causedBy(e);
    }
  }

  /** Whether flockerd has made it. */
  static boolean isOurs(JsonNode document) {
    return stated(labelsOf(document)).isPresent();
  }

  private static JsonNode labelsOf(JsonNode document) {
    return document.path("Config").path("Labels");
  }

  /** What the labels of a container say that it was made from; empty if they are not flockerd's. */
  static Optional<StatedDefinition> stated(JsonNode labels) {
    String text = labels.path(DockerLabels.STATED).asString("");
    if (text.isEmpty() || !labels.has(DockerLabels.APPLICATION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.convert(Json.read(text.getBytes(UTF_8)), StatedDefinition.class));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private String name() {
    String name = document.path("Name").asString("");
    return name.startsWith("/") ? name.substring(1) : name;
  }

  private Container container(JsonNode labels) {
    String restart = host.path("RestartPolicy").path("Name").asString("");
    return new Container(
        document.path("Id").asString(""),
        name(),
        ContainerDefinition.of(
                application(labels),
                Long.parseLong(labels.path(DockerLabels.GENERATION).asString("")),
                folders(),
                stated.linkHost())
            .restarted(Integer.parseInt(labels.path(DockerLabels.RESTARTS).asString("0"))),
        labels.path(DockerLabels.DIGEST).asString(""),
        !restart.isEmpty() && !restart.equals("no"),
        state());
  }

  private Application application(JsonNode labels) {
    return Application.named(labels.path(DockerLabels.APPLICATION).asString(""), image())
        .program(
            new Program(
                ifStated(StatedDefinition.COMMAND, () -> texts(config.path("Cmd"))),
                ifStated(StatedDefinition.ENTRYPOINT, () -> texts(config.path("Entrypoint"))),
                new TreeMap<>(environment()),
                ifStated(StatedDefinition.USER, () -> config.path("User").asString("")),
                ifStated(
                    StatedDefinition.WORKING_DIRECTORY,
                    () -> config.path("WorkingDir").asString(""))))
        .ports(ports())
        .links(stated.links())
        .volumes(volumes())
        .limits(limits())
        .privileges(
            new Privileges(
                host.path("ReadonlyRootfs").asBoolean(false),
                capabilities(host.path("CapAdd"), stated.addedCapabilities()),
                capabilities(host.path("CapDrop"), stated.droppedCapabilities())))
        .healthCheck(
            ifStated(StatedDefinition.HEALTH_CHECK, () -> healthCheck(config.path("Healthcheck"))))
        .labels(labels(labels))
        .build();
  }

  private <T> Optional<T> ifStated(String part, Supplier<T> value) {
    return stated.parts().contains(part) ? Optional.of(value.get()) : Optional.empty();
  }

  /** Some engines put the registry that they took it for before its name. */
  private Image image() {
    String found = config.path("Image").asString("");
    boolean isAsStated = found.equals(stated.image()) || found.endsWith("/" + stated.image());
    return Image.parse(isAsStated ? stated.image() : found);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (String variable : texts(config.path("Env"))) {
      int end = variable.indexOf('=');
      String name = end < 0 ? variable : variable.substring(0, end);
      if (stated.variables().contains(name)) {
        environment.put(name, end < 0 ? "" : variable.substring(end + 1));
      }
    }
    return environment;
  }

  private Map<String, String> labels(JsonNode all) {
    Map<String, String> labels = new TreeMap<>();
    for (String name : stated.labels()) {
      if (all.has(name)) {
        labels.put(name, all.path(name).asString(""));
      }
    }
    return labels;
  }

  private List<Port> ports() {
    List<Port> ports = new ArrayList<>();
    for (Map.Entry<String, JsonNode> bound : host.path("PortBindings").properties()) {
      String[] internal = bound.getKey().split("/", 2);
      for (JsonNode binding : bound.getValue().values()) {
        ports.add(
            new Port(
                Integer.parseInt(internal[0]),
                Integer.parseInt(binding.path("HostPort").asString("")),
                internal.length > 1 ? Protocol.parse(internal[1]) : Protocol.TCP));
      }
    }
    return ports;
  }

  private Map<String, Path> folders() {
    Map<String, Path> folders = new TreeMap<>();
    for (JsonNode mount : mounts()) {
      folders.put(
          mount.path("Destination").asString(""), Path.of(mount.path("Source").asString("")));
    }
    return folders;
  }

  /** Beside these there are those that the engine made because the image asks for them. */
  private List<JsonNode> mounts() {
    return document.path("Mounts").values().stream()
        .filter(mount -> mount.path("Type").asString("").equals("bind"))
        .toList();
  }

  /** All that were asked for: one that is not found must not look like none. */
  private List<MountedVolume> volumes() {
    Map<String, Boolean> found = new TreeMap<>();
    for (JsonNode mount : mounts()) {
      found.put(mount.path("Destination").asString(""), !mount.path("RW").asBoolean(true));
    }
    if (!found.keySet().equals(stated.volumes().keySet())) {
      throw new IllegalArgumentException(
          "%s are mounted, instead of %s".formatted(found.keySet(), stated.volumes().keySet()));
    }
    return stated.volumes().entrySet().stream()
        .map(volume ->
            volume.getValue().at(volume.getKey(), found.getOrDefault(volume.getKey(), false)))
        .toList();
  }

  private Limits limits() {
    long memory = host.path("Memory").asLong(0);
    int shares = host.path("CpuShares").asInt(0);
    long nanoCpus = host.path("NanoCpus").asLong(0);
    TreeMap<String, Limits.Ulimit> ulimits = new TreeMap<>();
    for (JsonNode limit : host.path("Ulimits").values()) {
      ulimits.put(
          ulimit(limit.path("Name").asString("")),
          new Limits.Ulimit(limit.path("Soft").asLong(0), limit.path("Hard").asLong(0)));
    }
    ulimits.keySet().retainAll(stated.ulimits());
    return new Limits(
        memory > 0 ? OptionalLong.of(memory) : OptionalLong.empty(),
        shares > 0 ? OptionalInt.of(shares) : OptionalInt.empty(),
        nanoCpus > 0
            ? OptionalInt.of(Math.toIntExact(nanoCpus / ContainerBody.NANO_CPUS_PER_MILLI))
            : OptionalInt.empty(),
        ulimits);
  }

  /** Podman calls nofile RLIMIT_NOFILE. */
  private static String ulimit(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith(ULIMIT_PREFIX) ? lower.substring(ULIMIT_PREFIX.length()) : lower;
  }

  private static NavigableSet<String> capabilities(JsonNode listed, Set<String> stated) {
    NavigableSet<String> capabilities = new TreeSet<>();
    for (String one : texts(listed)) {
      String name = one.toUpperCase(Locale.ROOT);
      capabilities.add(
          name.startsWith(CAPABILITY_PREFIX) ? name.substring(CAPABILITY_PREFIX.length()) : name);
    }
    capabilities.retainAll(stated);
    return capabilities;
  }

  private static HealthCheck healthCheck(JsonNode check) {
    return new HealthCheck(
        texts(check.path("Test")),
        Duration.ofNanos(check.path("Interval").asLong(0)),
        Duration.ofNanos(check.path("Timeout").asLong(0)),
        Duration.ofNanos(check.path("StartPeriod").asLong(0)),
        check.path("Retries").asInt(0));
  }

  private ContainerState state() {
    JsonNode state = document.path("State");
    JsonNode health = state.path("Health");
    return new ContainerState(
        word(ContainerState.Status::valueOf, state.path("Status").asString(""))
            .orElse(ContainerState.Status.DEAD),
        state.path("ExitCode").asInt(0),
        state.path("OOMKilled").asBoolean(false),
        state.path("Error").asString(""),
        word(ContainerState.Health::valueOf, health.path("Status").asString("")),
        failedTest(health.path("Log").values()),
        time(state.path("StartedAt")),
        time(state.path("FinishedAt")));
  }

  private static String failedTest(Collection<JsonNode> log) {
    return log.stream()
        .filter(test -> test.path("ExitCode").asInt(0) != 0)
        .reduce((_, later) -> later)
        .map(test -> Excerpt.of(test.path("Output").asString("").strip(), Excerpt.OF_A_NAME))
        .orElse("");
  }

  private static <T> Optional<T> word(Function<String, T> parse, String word) {
    try {
      return Optional.of(parse.apply(word.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static Optional<Instant> time(JsonNode text) {
    try {
      Instant time = OffsetDateTime.parse(text.asString("")).toInstant();
      return time.isAfter(NEVER) ? Optional.of(time) : Optional.empty();
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.values().stream().map(one -> one.asString("")).toList();
  }
}
