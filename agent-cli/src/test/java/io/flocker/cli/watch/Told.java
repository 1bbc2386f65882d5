package io.flocker.cli.watch;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.PeerDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What a node tells in a test; of those who are named ids that follow from the names. */
final class Told {
  private static final NodeId SELF = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final Map<String, Object> PROBLEM =
      Map.of("title", "No", "detail", "no room", "remedy", "Make some.");

  private final Instant now;
  private final List<PeerDocument> peers = new ArrayList<>();
  private final List<VolumeDocument> volumes = new ArrayList<>();
  private final List<CopyStatus> copies = new ArrayList<>();
  private final List<OperationView> operations = new ArrayList<>();
  private final List<NodeDocument.Warning> warnings = new ArrayList<>();
  private Optional<String> mountReason = Optional.empty();
  private Role role = Role.OWNER;
  private ConvergenceStatus wish = ConvergenceStatus.NONE;

  Told(Instant now) {
    this.now = now;
  }

  Told peer(String name, boolean answers) {
    peers.add(
        new PeerDocument(
            new NodeId(id(name)),
            Optional.of(PeerName.parse(name)),
            List.of(Address.parse("b:1")),
            Takeover.NEVER,
            Optional.of(answers),
            Optional.of(now.minusSeconds(60)),
            Optional.of(now)));
    return this;
  }

  /** One that the node owns and has mounted. */
  Told volume(String name, long usedBytes) {
    volumes.add(
        new VolumeDocument(
            new VolumeId(id(name)),
            VolumeName.parse(name),
            SELF,
            role,
            1,
            "tank/x",
            Optional.of("/flocker/" + name),
            true,
            MountStatus.State.MOUNTED,
            mountReason,
            usedBytes,
            usedBytes,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty()));
    return this;
  }

  /** What the node is to the volumes that are told of from now on. */
  Told role(Role next) {
    role = next;
    return this;
  }

  /** What is said of how the volumes are mounted that are told of from now on. */
  Told mountReason(String reason) {
    mountReason = Optional.of(reason);
    return this;
  }

  Told copy(String volume, String peer, String state, double lagSeconds) {
    boolean hasFailed = state.equals("failed");
    copies.add(
        new CopyStatus(
            new VolumeId(id(volume)),
            VolumeName.parse(volume),
            new NodeId(id(peer)),
            CopyStatus.State.valueOf(state.toUpperCase(Locale.ROOT)),
            now,
            lagSeconds,
            60,
            OptionalLong.empty(),
            Optional.empty(),
            new CopyStatus.WaitsFor("retry", "the next try", now, 0),
            hasFailed ? 1 : 0,
            hasFailed ? Optional.of(PROBLEM) : Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  Told running(String kind, String volume, long bytes, long totalBytes) {
    operations.add(
        new OperationView(
            id(kind + volume + bytes),
            kind,
            OperationState.RUNNING,
            Optional.of(new VolumeId(id(volume))),
            Optional.empty(),
            now,
            Optional.empty(),
            "transfer",
            bytes,
            OptionalLong.of(totalBytes),
            10,
            OptionalLong.of((totalBytes - bytes) / 10),
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  /** One that has failed with words that name the node and the volume by their ids. */
  Told failedAt(String kind, String volume, String peer, Instant when) {
    Map<String, Object> problem =
        Map.of("title", "No", "detail", "node %s has no %s".formatted(id(peer), id(volume)));
    return ended(kind, volume, when, OperationState.FAILED, Optional.of(problem));
  }

  /** A handoff to a node that has not taken the volume. */
  Told untaken(String volume, String peer, Instant when) {
    Map<String, Object> problem =
        Map.of("title", "No", "detail", "no answer", "released", id(peer).toString());
    return ended("handoff", volume, when, OperationState.FAILED, Optional.of(problem));
  }

  Told failed(String kind, String volume, Instant when) {
    return ended(kind, volume, when, OperationState.FAILED, Optional.of(PROBLEM));
  }

  Told succeeded(String kind, String volume, Instant when) {
    return ended(kind, volume, when, OperationState.SUCCEEDED, Optional.empty());
  }

  private Told ended(
      String kind,
      String volume,
      Instant when,
      OperationState state,
      Optional<Map<String, Object>> problem) {
    operations.add(
        new OperationView(
            id(kind + volume + when),
            kind,
            state,
            Optional.of(new VolumeId(id(volume))),
            Optional.empty(),
            when,
            Optional.of(when),
            "transfer",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            problem));
    return this;
  }

  Told warning(String title, String detail) {
    warnings.add(new NodeDocument.Warning(title, detail));
    return this;
  }

  /** A wish of one application that is being started. */
  Told wish() {
    wish =
        new ConvergenceStatus(
            5,
            false,
            Optional.of(now),
            List.of(
                new ObjectStatus(
                    "application",
                    "web",
                    ObjectStatus.State.CHANGING,
                    "start web",
                    now,
                    Optional.empty(),
                    0,
                    Optional.empty())));
    return this;
  }

  Seen seen() {
    return new Seen(
        Optional.of(node()),
        Optional.of(List.copyOf(peers)),
        Optional.of(wish),
        Optional.of(List.copyOf(copies)),
        Optional.of(List.copyOf(operations)),
        Optional.of(List.copyOf(volumes)),
        Optional.of(now),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Has a node tell it. */
  void by(FakeDaemon daemon) {
    daemon
        .answer("GET /v1/node", 200, json(node()))
        .answer("GET /v1/peers", 200, json(Map.of("peers", peers)))
        .answer("GET /v1/configuration/status", 200, json(wish))
        .answer("GET /v1/replication", 200, json(Map.of("copies", copies)))
        .answer("GET /v1/operations?limit=999&state=queued", 200, operations(OperationState.QUEUED))
        .answer(
            "GET /v1/operations?limit=999&state=running", 200, operations(OperationState.RUNNING))
        .answer("GET /v1/operations?limit=100&state=failed", 200, operations(OperationState.FAILED))
        .answer(
            "GET /v1/operations?limit=100&state=succeeded",
            200,
            operations(OperationState.SUCCEEDED))
        .answer("GET /v1/volumes", 200, json(Map.of("volumes", volumes)));
  }

  private String operations(OperationState state) {
    return json(
        Map.of(
            "operations",
            operations.stream().filter(operation -> operation.state() == state).toList()));
  }

  private static String json(Object document) {
    return Json.tree(document).toString();
  }

  private NodeDocument node() {
    return new NodeDocument(
        SELF,
        id("boot"),
        new NodeDocument.PoolDocument(
            "tank", OptionalLong.of(2048), OptionalLong.of(1024), "ONLINE"),
        Optional.empty(),
        URI.create("https://127.0.0.1:4523"),
        List.of(),
        warnings);
  }

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
