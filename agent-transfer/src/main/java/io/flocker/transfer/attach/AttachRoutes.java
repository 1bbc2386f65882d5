package io.flocker.transfer.attach;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationBody;
import io.flocker.core.operation.OperationKind;
import io.flocker.core.operation.Operations;
import io.flocker.core.operation.Resumption;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.AttachRequest;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.Parameters;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How a node is told to bring a volume here, and how it asks the owner to. */
public final class AttachRoutes {
  /** The kind of operation that brings a volume here. */
  public static final String ATTACH = "attach";

  private static final String MAY_ATTACH = "volume:attach";
  private static final String NAME = "name";
  private static final String SIZE = "sizeBytes";
  private static final String PROFILE = "profile";

  /** A large volume takes as long as the network needs; nobody has to wait for that. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  private final Operations operations;
  private final VolumeAttachment attachment;
  private final VolumeGiver giver;

  public AttachRoutes(Operations operations, VolumeAttachment attachment, VolumeGiver giver) {
    this.operations = operations;
    this.attachment = attachment;
    this.giver = giver;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        JsonRoute.post("attachVolume", "/v1/volumes/attach")
            .permits(MAY_ATTACH, Route.PUBLIC)
            .summary("Have a volume here, by its name")
            .description(
                "Makes it if no node has it; asks its owner to hand it off to this node if a peer"
                    + " has it, which the owner may refuse; and waits until it is mounted. The"
                    + " operation's result says where.")
            .takes("attach-request")
            .starts()
            .servedBy(this::attach),
        JsonRoute.post("giveVolume", "/node/v1/volumes/{id}/give")
            .permits("volume:give", Route.NODES)
            .summary("Give a volume to the node that asks for it")
            .description(
                "Hands it off to the caller, if the owner is set to give away what nobody uses, and"
                    + " nobody uses it nor is to use it there. Answered once that is done.")
            .heeds(Parameters.VOLUME)
            .takes("node-give-request")
            .answers("node-give-answer")
            .refuses(
                OwnershipFailure.VOLUME_NOT_FOUND,
                OwnershipFailure.NOT_OWNER,
                OwnershipFailure.KEPT_BY_OWNER,
                OwnershipFailure.VOLUME_IN_USE,
                OwnershipFailure.VOLUME_LOCKED,
                OwnershipFailure.HAS_CHILDREN,
                TransferFailure.PEER_UNREACHABLE)
            .repeatable()
            .servedBy(this::give));
  }

  /** The kinds of operations that are started here. */
  public List<OperationKind> kinds() {
    return List.of(new OperationKind(ATTACH, MAY_ATTACH, this::again));
  }

  private JsonResponse attach(JsonRequest request) throws FailureException {
    AttachRequest wanted = request.bodyAs(AttachRequest.class);
    OptionalLong size =
        wanted.sizeBytes() == null || wanted.sizeBytes() == 0
            ? OptionalLong.empty()
            : OptionalLong.of(wanted.sizeBytes());
    Optional<String> profile = Optional.ofNullable(wanted.profile());
    Map<String, Object> input = new LinkedHashMap<>();
    input.put(NAME, wanted.name().toString());
    size.ifPresent(bytes -> input.put(SIZE, bytes));
    profile.ifPresent(kind -> input.put(PROFILE, kind));
    return OperationRoutes.accepted(
        operations.start(
            ATTACH,
            request.caller(),
            Optional.empty(),
            input,
            body(wanted.name(), new VolumeAttachment.Making(size, profile))));
  }

  private OperationBody body(VolumeName name, VolumeAttachment.Making making) {
    return context -> {
      Cancellation cancellation = new Cancellation();
      context.onCancel(cancellation::cancel);
      context.phase("finding");
      attachment.ensure(name, making);
      context.phase("attaching");
      return members(attachment.attach(name, PATIENCE, cancellation));
    };
  }

  private static Map<String, Object> members(LocalVolume volume) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("volume", volume.id());
    members.put("mountpoint", volume.folder().toString());
    volume.maximumSizeBytes().ifPresent(bytes -> members.put(SIZE, bytes));
    return members;
  }

  /** What was made and what has come is found, and not done again. */
  private Optional<OperationBody> again(Resumption.CutShort cut) {
    Object size = cut.input().get(SIZE);
    return Optional.of(
        body(
            VolumeName.parse(String.valueOf(cut.input().get(NAME))),
            new VolumeAttachment.Making(
                size instanceof Number bytes
                    ? OptionalLong.of(bytes.longValue())
                    : OptionalLong.empty(),
                Optional.ofNullable(cut.input().get(PROFILE)).map(String::valueOf))));
  }

  private JsonResponse give(JsonRequest request) throws FailureException, InterruptedException {
    giver.give(request.callingNode(), request.variable("id", VolumeId::parse));
    return JsonResponse.ok(Map.of("given", true));
  }
}
