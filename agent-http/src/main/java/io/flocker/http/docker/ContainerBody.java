package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.HealthCheck;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.http.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The body of ContainerCreate of the Engine API, from a definition. */
final class ContainerBody {
  /** The engine counts in billionths of a processor. */
  static final long NANO_CPUS_PER_MILLI = 1_000_000;

  private ContainerBody() {}

  static Map<String, Object> of(ContainerDefinition definition) {
    Application application = definition.application();
    Program program = application.program();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Image", application.image().toString());
    program.command().ifPresent(command -> body.put("Cmd", command));
    program.entrypoint().ifPresent(entrypoint -> body.put("Entrypoint", entrypoint));
    program.user().ifPresent(user -> body.put("User", user));
    program.workingDirectory().ifPresent(folder -> body.put("WorkingDir", folder));
    application.healthCheck().ifPresent(check -> body.put("Healthcheck", healthCheck(check)));
    body.put("Env", environment(definition));
    body.put("Labels", labels(definition));
    Map<String, Object> exposed = new TreeMap<>();
    application.ports().forEach(port -> exposed.put(internal(port), Map.of()));
    body.put("ExposedPorts", exposed);
    body.put("HostConfig", host(definition));
    return body;
  }

  /** Where it listens, as the engine writes it. */
  private static String internal(Port port) {
    return port.internal() + "/" + port.protocol();
  }

  private static List<String> environment(ContainerDefinition definition) {
    return definition.environment().entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .toList();
  }

  private static Map<String, String> labels(ContainerDefinition definition) {
    Application application = definition.application();
    Map<String, String> labels = new TreeMap<>(application.labels());
    labels.put(DockerLabels.APPLICATION, application.name());
    labels.put(DockerLabels.GENERATION, String.valueOf(definition.generation()));
    labels.put(DockerLabels.DIGEST, application.digest());
    labels.put(DockerLabels.RESTARTS, String.valueOf(definition.restarts()));
    labels.put(DockerLabels.STATED, new String(Json.write(StatedDefinition.of(definition)), UTF_8));
    return labels;
  }

  private static Map<String, Object> healthCheck(HealthCheck check) {
    return Map.of(
        "Test", check.test(),
        "Interval", check.interval().toNanos(),
        "Timeout", check.timeout().toNanos(),
        "StartPeriod", check.startPeriod().toNanos(),
        "Retries", check.retries());
  }

  private static Map<String, Object> host(ContainerDefinition definition) {
    Application application = definition.application();
    Map<String, Object> host = new LinkedHashMap<>();
    // Who writes is decided at run time: an engine that starts it after a crash does not ask.
    host.put("RestartPolicy", Map.of("Name", "no"));
    host.put("PortBindings", bindings(application));
    host.put("Mounts", mounts(definition));
    limit(host, application.limits());
    host.put("ReadonlyRootfs", application.privileges().readOnly());
    host.put("CapAdd", application.privileges().addedCapabilities());
    host.put("CapDrop", application.privileges().droppedCapabilities());
    return host;
  }

  private static Map<String, List<Map<String, String>>> bindings(Application application) {
    Map<String, List<Map<String, String>>> bindings = new TreeMap<>();
    for (Port port : application.ports()) {
      bindings
          .computeIfAbsent(internal(port), _ -> new ArrayList<>())
          .add(Map.of("HostPort", String.valueOf(port.external())));
    }
    return bindings;
  }

  /** Mounts, not Binds: for those the engine makes a folder where there is none. */
  private static List<Map<String, Object>> mounts(ContainerDefinition definition) {
    List<Map<String, Object>> mounts = new ArrayList<>();
    for (MountedVolume volume : definition.application().volumes()) {
      mounts.add(
          Map.of(
              "Type", "bind",
              "Source",
                  Objects.requireNonNull(definition.folders().get(volume.mountpoint())).toString(),
              "Target", volume.mountpoint(),
              "ReadOnly", volume.readOnly()));
    }
    return mounts;
  }

  private static void limit(Map<String, Object> host, Limits limits) {
    limits.memoryBytes().ifPresent(bytes -> host.put("Memory", bytes));
    limits.cpuShares().ifPresent(shares -> host.put("CpuShares", shares));
    limits.milliCpus().ifPresent(cpus -> host.put("NanoCpus", cpus * NANO_CPUS_PER_MILLI));
    List<Map<String, Object>> ulimits = new ArrayList<>();
    limits
        .ulimits()
        .forEach((name, limit) ->
            ulimits.add(Map.of("Name", name, "Soft", limit.soft(), "Hard", limit.hard())));
    host.put("Ulimits", ulimits);
  }
}
