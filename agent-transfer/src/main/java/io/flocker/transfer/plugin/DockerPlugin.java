package io.flocker.transfer.plugin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.os.SharedMounts;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.route.JsonHandler;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.flocker.http.route.RouteDraft;
import io.flocker.transfer.attach.MountBook;
import io.flocker.transfer.attach.VolumeAttachment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Docker asks of a volume plugin (Docker's "Volume plugin protocol"): every call is a POST,
 * and every answer a 200 whose {@code Err} says what went wrong. Any thread may call.
 */
public final class DockerPlugin {
  /**
   * Docker waits for two minutes for what makes or mounts, one for all else, and then counts the
   * call as failed, without a second try.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(110);

  private static final String NO_ERROR = "";

  /** Whether an engine sees what is mounted here. */
  @FunctionalInterface
  interface Sight {
    boolean isSeenBy(long process, Path mountpoint) throws IOException;
  }

  private final NodeVolumes node;
  private final VolumeAttachment attachment;
  private final MountBook book;
  private final boolean destroys;
  private final Sight sight;
  private final Duration patience;
  private final InstantSource clock;

  /**
   * What is asked.
   *
   * @param name absent where the call is about no volume
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Call(
      @JsonProperty("Name") String name,
      @JsonProperty("ID") @Nullable String id,
      @JsonProperty("Opts") @Nullable Map<String, String> options) {
    VolumeName volume() throws FailureException {
      return DockerName.parse(name);
    }

    /** Engines before 1.12 name nobody. */
    String caller() {
      return id == null ? "" : id;
    }
  }

  /**
   * Serves the volumes of {@code node}.
   *
   * @param destroys whether a volume that Docker removes is destroyed; else it is kept
   */
  public DockerPlugin(
      NodeVolumes node, VolumeAttachment attachment, MountBook book, boolean destroys) {
    this(
        node, attachment, book, destroys, SharedMounts::isSeenBy, PATIENCE, InstantSource.system());
  }

  /** The same with another sight and patience. */
  DockerPlugin(
      NodeVolumes node,
      VolumeAttachment attachment,
      MountBook book,
      boolean destroys,
      Sight sight,
      Duration patience,
      InstantSource clock) {
    this.node = node;
    this.attachment = attachment;
    this.book = book;
    this.destroys = destroys;
    this.sight = sight;
    this.patience = patience;
    this.clock = clock;
  }

  /** The routes, to be served on a socket of their own. */
  public List<Route> routes() {
    return List.of(
        bare("Plugin.Activate", _ -> answer("Implements", List.of("VolumeDriver"))),
        bare("VolumeDriver.Capabilities", _ -> answer("Capabilities", Map.of("Scope", "global"))),
        bare("VolumeDriver.List", _ -> answer("Volumes", list())),
        about("VolumeDriver.Create", this::create),
        about("VolumeDriver.Get", this::get),
        about("VolumeDriver.Path", this::path),
        about("VolumeDriver.Mount", this::mount),
        about("VolumeDriver.Unmount", this::unmount),
        about("VolumeDriver.Remove", this::remove));
  }

  private static JsonRoute bare(String name, JsonHandler handler) {
    return draft(name).answers("docker-plugin-answer").servedBy(handler);
  }

  private static JsonRoute about(String name, JsonHandler handler) {
    return draft(name)
        .takes("docker-plugin-request")
        .answers("docker-plugin-answer")
        .servedBy(handler);
  }

  private static RouteDraft draft(String name) {
    return JsonRoute.post(name, "/" + name).permits("docker-plugin", Route.OWN_COMMANDS);
  }

  private JsonResponse create(JsonRequest request) throws FailureException {
    Call call = request.bodyAs(Call.class);
    Map<String, String> options = call.options() == null ? Map.of() : call.options();
    attachment.ensure(call.volume(), DockerOptions.read(options));
    return done();
  }

  private JsonResponse mount(JsonRequest request) throws FailureException, InterruptedException {
    Call call = request.bodyAs(Call.class);
    VolumeName name = call.volume();
    LocalVolume volume = attachment.attach(name, patience, new Cancellation());
    book.mounted(volume.id(), name, call.caller());
    try {
      requireStillHere(volume);
      requireSeen(request, volume);
    } catch (FailureException | RuntimeException e) {
      book.unmounted(name, call.caller()); // Docker says nothing of a mount that has failed.
      throw e;
    }
    return answer("Mountpoint", volume.folder().toString());
  }

  /** It may have left between the look and the note, which keeps it from then on. */
  private void requireStillHere(LocalVolume volume) throws FailureException {
    Volume now = node.catalog().requireOwned(volume.id());
    if (!now.dataset().isMounted()) {
      throw OwnershipFailure.VOLUME_LOCKED.because(volume.name() + " has just been unmounted");
    }
  }

  /** An engine has mounts of its own, and would give its container the bare folder below. */
  private void requireSeen(JsonRequest request, LocalVolume volume) throws FailureException {
    if (request.process().isEmpty()) {
      return;
    }
    long engine = request.process().getAsLong();
    Path folder = volume.folder();
    try {
      if (!sight.isSeenBy(engine, folder)) {
        throw EngineFailure.MOUNT_UNSEEN.because(
            "the engine (pid %d) does not see what is mounted at %s".formatted(engine, folder));
      }
    } catch (IOException e) {
      throw EngineFailure.MOUNT_UNSEEN
          .because(
              "nobody knows whether the engine (pid %d) sees what is mounted at %s: %s"
                  .formatted(engine, folder, e.getMessage()))
          .causedBy(e);
    }
  }

  private JsonResponse unmount(JsonRequest request) throws FailureException {
    Call call = request.bodyAs(Call.class);
    book.unmounted(call.volume(), call.caller());
    return done();
  }

  private JsonResponse path(JsonRequest request) throws FailureException {
    VolumeAttachment.Whereabouts where = require(request.bodyAs(Call.class));
    return answer("Mountpoint", mountpoint(where.here()));
  }

  private JsonResponse get(JsonRequest request) throws FailureException {
    Call call = request.bodyAs(Call.class);
    VolumeAttachment.Whereabouts where = require(call);
    Optional<Volume> copy = node.catalog().find(where.id());
    return answer(
        "Volume",
        copy.isPresent()
            ? document(call.name(), copy.get())
            : document(
                call.name(),
                "",
                Map.of(
                    "id",
                    where.id(),
                    "owner",
                    where.owner(),
                    "role",
                    "none",
                    "mount",
                    "elsewhere")));
  }

  private VolumeAttachment.Whereabouts require(Call call) throws FailureException {
    VolumeName name = call.volume();
    return attachment
        .whereabouts(name)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("no node that answers has " + name));
  }

  private JsonResponse remove(JsonRequest request) throws FailureException {
    Call call = request.bodyAs(Call.class);
    VolumeName name = call.volume();
    if (destroys) {
      Optional<VolumeAttachment.Whereabouts> where = attachment.whereabouts(name);
      if (where.isPresent()) {
        destroy(name, where.get());
      }
    }
    return done();
  }

  private void destroy(VolumeName name, VolumeAttachment.Whereabouts where)
      throws FailureException {
    if (!where.owner().equals(node.self())) {
      throw OwnershipFailure.NOT_OWNER
          .because("node %s owns %s; remove it there".formatted(where.owner(), name))
          .with("owner", where.owner());
    }
    if (!book.of(where.id()).isEmpty()) {
      throw OwnershipFailure.VOLUME_IN_USE.because(name + " is mounted by the container engine");
    }
    node.volumes().destroy(where.id(), Condition.NONE);
  }

  /**
   * What this node has; copies of what others own too, which a container here can have at once. The
   * pool is asked once, however many there are.
   */
  private List<Map<String, Object>> list() throws FailureException {
    return node.catalog().list().stream()
        .filter(volume -> !volume.isSetAside())
        .sorted(Comparator.comparing(Volume::name))
        .map(volume -> document(DockerName.of(volume.name()), volume))
        .toList();
  }

  private Map<String, Object> document(String name, Volume volume) {
    MountStatus mount = node.mounter().status(volume);
    boolean isHere = volume.role() == Role.OWNER && mount.state() == MountStatus.State.MOUNTED;
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("id", volume.id());
    status.put("owner", volume.owner());
    status.put("role", volume.role());
    lagSeconds(volume).ifPresent(seconds -> status.put("lagSeconds", seconds));
    status.put("mount", mount.state() + mount.reason().map(reason -> ": " + reason).orElse(""));
    status.put("mounts", book.of(volume.id()).size());
    return document(
        name, isHere ? volume.dataset().mountpoint().map(Path::toString).orElse("") : "", status);
  }

  private static Map<String, Object> document(
      String name, String mountpoint, Map<String, Object> status) {
    return Map.of("Name", name, "Mountpoint", mountpoint, "Status", status);
  }

  private Optional<Long> lagSeconds(Volume volume) {
    if (volume.role() == Role.OWNER) {
      return Optional.of(0L);
    }
    return volume
        .dataset()
        .latest()
        .map(latest ->
            Math.max(0, Duration.between(latest.creation(), clock.instant()).toSeconds()));
  }

  private static String mountpoint(Optional<LocalVolume> here) {
    return here.filter(LocalVolume::isUsable).map(volume -> volume.folder().toString()).orElse("");
  }

  private static JsonResponse done() {
    return JsonResponse.ok(Map.of("Err", NO_ERROR));
  }

  private static JsonResponse answer(String member, Object value) {
    return JsonResponse.ok(Map.of(member, value, "Err", NO_ERROR));
  }
}
