package io.flocker.transfer.deploy;

import io.flocker.core.deploy.converge.Cancellation;
import io.flocker.core.deploy.converge.VolumeMoves;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.VolumeReference;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.OperationView;
import io.flocker.core.operation.Operations;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeChange;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.Volumes;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.protocol.FindAnswer;
import io.flocker.transfer.protocol.FindRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.route.TransferWork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Moves volumes by operations, which everybody who may do the same can watch, and which go on after
 * the daemon's end as those of users do. Any thread.
 */
public final class OperatedMoves implements VolumeMoves {
  /** The entry of a volume's metadata that says what kind of storage is wanted. */
  public static final String PROFILE = "clusterhq:flocker:profile"; // As Flocker 1.x has it.

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int CONFLICT = 409; // RFC 9110, section 15.5.10

  private final Volumes volumes;
  private final VolumeLocks locks;
  private final PeerBook book;
  private final PeerVolumes peers;
  private final FindService find;
  private final Operations operations;
  private final TransferWork work;
  private final WishedPolicies policies;
  private final Principal self;

  /** Moves those of {@code node}. */
  public OperatedMoves(
      NodeVolumes node,
      PeerVolumes peers,
      FindService find,
      Operations operations,
      TransferWork work,
      WishedPolicies policies) {
    this.policies = policies;
    this.volumes = node.volumes();
    this.locks = node.locks();
    this.book = node.memory().peers();
    this.peers = peers;
    this.find = find;
    this.operations = operations;
    this.work = work;
    this.self = new Principal.Node(node.self());
  }

  @Override
  public void create(Change.CreateVolume wanted) throws FailureException {
    if (!wanted.unasked().isEmpty()) {
      throw OwnershipFailure.PEERS_UNANSWERED
          .because(
              "%s is not made before these nodes have said that they do not have it: %s; who knows"
                      .formatted(
                          wanted.volume(),
                          wanted.unasked().stream()
                              .map(NodeId::toString)
                              .collect(Collectors.joining(", ")))
                  + " that it is new makes it: flocker volume create "
                  + wanted.volume().name())
          .with("nodes", wanted.unasked());
    }
    Map<String, String> metadata = new TreeMap<>(wanted.metadata());
    wanted.profile().ifPresent(profile -> metadata.put(PROFILE, profile));
    try (FindService.Making _ = find.making(wanted.volume().name())) {
      requireNowhere(wanted.volume());
      Volume _ =
          volumes.create(
              wanted.volume().name(),
              wanted.volume().id(),
              wanted.maximumSizeBytes().orElse(0),
              metadata);
    }
  }

  /** Asked anew: another wish may have had a peer make it since the plan was made. */
  private void requireNowhere(VolumeReference volume) throws FailureException {
    FindRequest request = new FindRequest(List.of(volume.name()), volume.id().stream().toList());
    for (Peer peer : book.list()) {
      FindAnswer answer = peers.find(peer.node(), request);
      if (!answer.volumes().isEmpty()) {
        throw OwnershipFailure.VOLUME_EXISTS.because(
            "node %s has %s by now".formatted(peer.node(), volume));
      }
      if (!answer.making().isEmpty()) {
        throw OwnershipFailure.VOLUME_LOCKED.because(
            "node %s is making %s at this moment".formatted(peer.node(), volume));
      }
    }
  }

  @Override
  public void resize(VolumeId volume, OptionalLong toBytes) throws FailureException {
    Volume _ =
        volumes.change(
            volume,
            new VolumeChange(OptionalLong.of(toBytes.orElse(0)), Optional.empty()),
            Condition.NONE);
  }

  @Override
  public void replicate(VolumeReference volume, Optional<Policy> policy) throws FailureException {
    policies.replicate(volume, policy);
  }

  @Override
  public VolumeLocks.Lease keep(VolumeId volume, String user) throws FailureException {
    return locks.share(volume, user);
  }

  @Override
  public void push(VolumeId volume, NodeId to, Cancellation cancellation)
      throws FailureException, InterruptedException {
    cancellation.check();
    InitialReplication history = InitialReplication.ALL;
    follow(
        operations.start(
            TransferWork.PUSH,
            self,
            Optional.of(volume),
            TransferWork.input(to, true, history, Optional.empty()),
            work.push(volume, to, true, history, Optional.empty())),
        cancellation);
  }

  @Override
  public void handOff(VolumeId volume, NodeId to, Cancellation cancellation)
      throws FailureException, InterruptedException {
    cancellation.check();
    InitialReplication history = InitialReplication.ALL;
    follow(
        operations.start(
            TransferWork.HANDOFF,
            self,
            Optional.of(volume),
            TransferWork.input(to, history, Optional.empty()),
            work.handoffAtRest(volume, to, history)),
        cancellation);
  }

  private void follow(OperationView begun, Cancellation cancellation)
      throws FailureException, InterruptedException {
    cancellation.onCancel(() -> cancel(begun.id()));
    OperationView now = begun;
    while (!now.state().isEnd()) {
      long from = System.nanoTime();
      now =
          operations
              .await(begun.id(), OperationReader.ofOwn(self), PATIENCE)
              .orElseThrow(() ->
                  OwnershipFailure.OPERATION_NOT_FOUND.because(
                      begun.kind() + " " + begun.id() + " is forgotten"));
      if (!now.state().isEnd() && System.nanoTime() - from < PATIENCE.toNanos()) {
        throw RequestFailure.SHUTTING_DOWN.because(
            begun.kind() + " " + begun.id() + " goes on after the daemon's next start");
      }
    }
    if (now.problem().isPresent()) {
      throw Problem.read(CONFLICT, Json.tree(now.problem().get()));
    }
  }

  /** What is past its commit, or has ended, is not to be cancelled. */
  private void cancel(UUID operation) {
    try {
      operations.cancel(operation, OperationReader.ofOwn(self));
    } catch (FailureException _) {
      // It ends by itself.
    }
  }
}
