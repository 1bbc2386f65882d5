package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.replicate.policy.PolicySource;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.http.route.EntityTag;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Volumes as the API shows them, and their tags. Any thread. */
public final class VolumeDocuments {
  private static final String IF_MATCH = "if-match";

  private final VolumeRegister register;
  private final Function<Volume, MountStatus> mounts;
  private final Confirmations confirmations;
  private final PeerCursors cursors;

  /**
   * Shows volumes with what {@code register} knows of them.
   *
   * @param mounts tells how they are mounted
   * @param confirmations tells which peers have confirmed that they are this node's
   * @param cursors tell who was sent them
   */
  public VolumeDocuments(
      VolumeRegister register,
      Function<Volume, MountStatus> mounts,
      Confirmations confirmations,
      PeerCursors cursors) {
    this.cursors = cursors;
    this.confirmations = confirmations;
    this.register = register;
    this.mounts = mounts;
  }

  VolumeDocument of(Volume volume) throws FailureException {
    return VolumeDocument.of(
        volume, mounts.apply(volume), metadata(volume), confirmations.of(volume), copies(volume));
  }

  List<VolumeDocument> of(Stream<Volume> volumes) throws FailureException {
    Map<VolumeId, Map<String, String>> metadata = register.metadata();
    return volumes
        .map(volume ->
            VolumeDocument.of(
                volume,
                mounts.apply(volume),
                volume.role() == Role.OWNER
                    ? metadata.getOrDefault(volume.id(), Map.of())
                    : Map.of(),
                confirmations.of(volume),
                copies(volume)))
        .toList();
  }

  /** 200 with a volume and its tag. */
  public JsonResponse ok(Volume volume) throws FailureException {
    return JsonResponse.ok(of(volume)).tagged(tag(volume));
  }

  /** The same of a volume that was taken over, with whose replication policy holds now. */
  public JsonResponse taken(Volume volume, PolicySource source) throws FailureException {
    return JsonResponse.ok(of(volume).replicated(source)).tagged(tag(volume));
  }

  /** 201 with a volume that was made, and its tag. */
  JsonResponse created(Volume volume) throws FailureException {
    return JsonResponse.created(VolumeRoutes.VOLUMES + "/" + volume.id(), of(volume))
        .tagged(tag(volume));
  }

  /**
   * What a request's {@code If-Match} demands of the volume that it wants to change: that nothing
   * has changed of it but what changes by itself.
   */
  public Condition condition(JsonRequest request) {
    return condition(ifMatch(request));
  }

  /** What an {@code If-Match} demands that was kept. */
  public Condition condition(Optional<String> ifMatch) {
    return ifMatch
        .<Condition>map(known -> volume -> require(tag(volume), known))
        .orElse(Condition.NONE);
  }

  /** The tags that a request's {@code If-Match} knows. */
  public static Optional<String> ifMatch(JsonRequest request) {
    return Optional.ofNullable(request.headers().get(IF_MATCH));
  }

  private static void require(EntityTag tag, String known) throws FailureException {
    if (!tag.isStateIn(known)) {
      throw RequestFailure.PRECONDITION_FAILED
          .because("the volume's ETag is " + tag + " now, not " + known)
          .with("etag", tag.toString());
    }
  }

  private EntityTag tag(Volume volume) throws FailureException {
    Dataset dataset = volume.dataset();
    List<Object> state = new ArrayList<>();
    state.add(volume.id());
    state.add(volume.name());
    state.add(volume.owner());
    state.add(volume.role());
    state.add(volume.epoch());
    state.add(dataset.name());
    state.add(dataset.limitBytes());
    state.add(dataset.origin());
    metadata(volume).forEach((key, value) -> state.add(List.of(key, value)));
    for (Snapshot snapshot : dataset.snapshots()) {
      state.add(snapshot.guid());
      state.add(snapshot.name());
    }
    return EntityTag.of(
        state,
        List.of(
            dataset.usedBytes(),
            dataset.referencedBytes(),
            mounts.apply(volume),
            dataset.mountpoint(),
            copies(volume)));
  }

  /** Only the owner's count: a replica may have some from when it was the owner. */
  private Map<String, String> metadata(Volume volume) throws FailureException {
    return volume.role() == Role.OWNER ? register.metadata(volume.id()) : Map.of();
  }

  private List<NodeId> copies(Volume volume) {
    return volume.role() == Role.OWNER ? cursors.peers(volume.id()) : List.of();
  }
}
