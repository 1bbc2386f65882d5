package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.AttachRequest;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.VolumePatch;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code flocker nomad-host-volume}: what Nomad asks of a plugin for dynamic host volumes (Nomad
 * 1.10, "Create a host volume plugin"). The operation is the first argument, all else stands in
 * variables, stdout is read by Nomad.
 */
@Command(
    name = "nomad-host-volume",
    description =
        "Answers Nomad as its plugin for dynamic host volumes: a script in Nomad's"
            + " host_volume_plugin_dir hands its arguments on to it.")
final class NomadHostVolumeCommands {
  /** Nomad kills a plugin after 60 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(55);

  private static final long LOOK_SECONDS = 5;

  /** What Nomad's parser of versions reads. */
  private static final Pattern VERSION = Pattern.compile("[0-9]+(\\.[0-9]+)*([-+.0-9A-Za-z]*)");

  private static final String UNPACKAGED = "0.0.0";
  private static final String DEFAULT_NAMESPACE = "default";
  private static final String NAME = "name";
  private static final String PROFILE = "profile";
  private static final String REMOVE = "remove";
  private static final String DESTROY = "destroy";
  private static final String KEEP = "keep";

  private final Session session;

  NomadHostVolumeCommands(Session session) {
    this.session = session;
  }

  @Command(description = "Tells the plugin's version; asks nobody.")
  int fingerprint() {
    String version = Version.number();
    answer(Map.of("version", VERSION.matcher(version).matches() ? version : UNPACKAGED));
    return ExitCode.DONE;
  }

  @Command(
      description =
          "Has the volume on this node, made or handed off by its owner, and tells where it is"
              + " mounted.")
  int create() throws Exception {
    Map<String, String> parameters = parameters();
    VolumeName name = name(parameters);
    long least = bytes("DHV_CAPACITY_MIN_BYTES");
    long most = bytes("DHV_CAPACITY_MAX_BYTES");
    long size = most > 0 ? most : least;
    try (FlockerClient node = session.connect()) {
      OperationView begun =
          node.attach(new AttachRequest(name, size == 0 ? null : size, parameters.get(PROFILE)));
      VolumeDocument volume = node.volume(attached(begun, node));
      if (volume.quotaBytes() > 0 && volume.quotaBytes() < least) {
        volume = node.changeVolume(volume.id(), new VolumePatch(size, Map.of()));
      }
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("path", volume.mountpoint().orElseThrow());
      answer.put("bytes", volume.quotaBytes());
      answer(answer);
      return ExitCode.DONE;
    }
  }

  @Command(
      description =
          "Keeps the volume, unless its parameters say \"remove\": \"destroy\". Nomad calls it"
              + " after a create that has failed, too, whatever was in the volume before.")
  int delete() throws Exception {
    Map<String, String> parameters = parameters();
    VolumeName name = name(parameters);
    String remove = parameters.getOrDefault(REMOVE, KEEP);
    if (remove.equals(KEEP)) {
      session.complain("flocker: volume " + name + " is kept");
      return ExitCode.DONE;
    }
    if (!remove.equals(DESTROY)) {
      throw wrong("parameter %s is %s or %s, not '%s'".formatted(REMOVE, KEEP, DESTROY, remove));
    }
    try (FlockerClient node = session.connect()) {
      Optional<VolumeDocument> volume = find(node, name);
      if (volume.isPresent()) {
        node.destroyVolume(volume.get().id());
      }
      return ExitCode.DONE;
    }
  }

  /** One that is gone was deleted before. */
  private static Optional<VolumeDocument> find(FlockerClient node, VolumeName name)
      throws FailureException, IOException, InterruptedException {
    try {
      return Optional.of(node.volume(name));
    } catch (FailureException e) {
      if (e.failure() == OwnershipFailure.VOLUME_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What is not done in time goes on, and is found by the next try. */
  private static VolumeId attached(OperationView begun, FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    OperationView now = begun;
    while (!now.state().isEnd()) {
      long leftSeconds = Duration.ofNanos(deadline - System.nanoTime()).toSeconds();
      if (leftSeconds < 1) {
        throw OwnershipFailure.VOLUME_LOCKED.because(
            "the volume is on its way; operation " + begun.id() + " goes on, create it again");
      }
      now = node.operation(begun.id(), Duration.ofSeconds(Math.min(LOOK_SECONDS, leftSeconds)));
    }
    Optional<FailureException> failure = FlockerClient.failure(now);
    if (failure.isPresent()) {
      throw failure.get();
    }
    return VolumeId.parse(String.valueOf(now.result().orElseThrow().get("volume")));
  }

  private VolumeName name(Map<String, String> parameters) {
    String namespace = variable("DHV_NAMESPACE");
    String name = parameters.getOrDefault(NAME, variable("DHV_VOLUME_NAME"));
    try {
      return parameters.containsKey(NAME)
          ? VolumeName.parse(name)
          : new VolumeName(namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace, name);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Refuses a parameter that is not known: to ignore it would be a promise that nobody keeps. */
  private Map<String, String> parameters() {
    String text = variable("DHV_PARAMETERS");
    Map<String, String> parameters = new TreeMap<>();
    if (text.isEmpty()) {
      return parameters;
    }
    try {
      JsonNode document = Json.read(text.getBytes(UTF_8));
      document
          .properties()
          .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString()));
    } catch (JacksonException e) {
      throw wrong("DHV_PARAMETERS is no JSON: " + Json.complaint(e));
    }
    for (String key : parameters.keySet()) {
      if (!key.equals(NAME) && !key.equals(PROFILE) && !key.equals(REMOVE)) {
        throw wrong(
            "there is no parameter '%s'; there are %s, %s and %s"
                .formatted(key, NAME, PROFILE, REMOVE));
      }
    }
    return parameters;
  }

  private long bytes(String variable) {
    String text = variable(variable);
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw wrong(variable + " is a number of bytes, not '" + text + "'");
    }
  }

  private String variable(String name) {
    return session.environment().variables().getOrDefault(name, "");
  }

  private static TypeConversionException wrong(String what) {
    return new TypeConversionException(what);
  }

  private void answer(Map<String, Object> document) {
    session.environment().out().println(Json.tree(document));
    session.environment().out().flush();
  }
}
