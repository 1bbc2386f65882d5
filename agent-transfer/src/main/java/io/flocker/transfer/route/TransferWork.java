package io.flocker.transfer.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.Retry;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationBody;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.OperationKind;
import io.flocker.core.operation.Resumption;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.Condition;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.transfer.handoff.Handoff;
import io.flocker.transfer.push.Push;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operations of this package do, the first time and after the daemon's end has cut them
 * short. Any thread may call.
 */
public final class TransferWork {
  /** The kind of operation that pushes. */
  public static final String PUSH = "push";

  /** The kind of operation that hands off. */
  public static final String HANDOFF = "handoff";

  static final String MAY_PUSH = "volume:push";
  static final String MAY_HAND_OFF = "volume:handoff";

  private static final String PEER = "peer";
  private static final String SNAPSHOT = "snapshot";
  private static final String HISTORY = "history";
  private static final String IF_MATCH = "ifMatch";

  /** The peer may have been cut short too, and counts us dead only after some seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Push push;
  private final Handoff handoff;
  private final VolumeDocuments documents;
  private final Duration patience;

  /** Pushes and hands off by these. */
  public TransferWork(Push push, Handoff handoff, VolumeDocuments documents) {
    this(push, handoff, documents, PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long a push that was cut short is tried again
   */
  TransferWork(Push push, Handoff handoff, VolumeDocuments documents, Duration patience) {
    this.push = push;
    this.handoff = handoff;
    this.documents = documents;
    this.patience = patience;
  }

  /** What a push is kept with. */
  public static Map<String, Object> input(
      NodeId peer, boolean takesSnapshot, InitialReplication history, Optional<String> ifMatch) {
    Map<String, Object> input = input(peer, history, ifMatch);
    input.put(SNAPSHOT, takesSnapshot);
    return input;
  }

  /** What a handoff is kept with. */
  public static Map<String, Object> input(
      NodeId peer, InitialReplication history, Optional<String> ifMatch) {
    Map<String, Object> input = new HashMap<>();
    input.put(PEER, peer.toString());
    input.put(HISTORY, history.toString());
    ifMatch.ifPresent(known -> input.put(IF_MATCH, known));
    return input;
  }

  /** A push of what is there now, if {@code takesSnapshot}, and of what was snapshotted. */
  public OperationBody push(
      VolumeId volume,
      NodeId peer,
      boolean takesSnapshot,
      InitialReplication history,
      Optional<String> ifMatch) {
    Condition condition = documents.condition(ifMatch);
    return context ->
        push.run(volume, peer, takesSnapshot, history, condition, context).toMembers();
  }

  /** A handoff. */
  public OperationBody handoff(
      VolumeId volume, NodeId peer, InitialReplication history, Optional<String> ifMatch) {
    Condition condition = documents.condition(ifMatch);
    return context -> handoff.run(volume, peer, history, condition, context).toMembers();
  }

  /** A handoff of what nobody uses any more. */
  public OperationBody handoffAtRest(VolumeId volume, NodeId peer, InitialReplication history) {
    return context -> handoff.runAtRest(volume, peer, history, context).toMembers();
  }

  /** The kinds of operations that push and hand off, and how each goes on. */
  List<OperationKind> kinds() {
    return List.of(
        new OperationKind(PUSH, MAY_PUSH, cut -> cut.volume().map(id -> pushAgain(id, cut))),
        new OperationKind(
            HANDOFF, MAY_HAND_OFF, cut -> cut.volume().map(id -> handOffOn(id, cut))));
  }

  /** A push is planned anew: what has arrived is not sent again. */
  private OperationBody pushAgain(VolumeId volume, Resumption.CutShort cut) {
    boolean takesSnapshot = Boolean.TRUE.equals(cut.input().get(SNAPSHOT));
    OperationBody body = push(volume, peer(cut), takesSnapshot, history(cut), ifMatch(cut));
    return context -> patiently(body, context, Backoff.every(PAUSE).within(patience));
  }

  /** A handoff that was committed only goes forward, for as long as that takes. */
  private OperationBody handOffOn(VolumeId volume, Resumption.CutShort cut) {
    if (!cut.hasBegun()) {
      return handoff(volume, peer(cut), history(cut), ifMatch(cut));
    }
    OperationBody body = context -> handoff.complete(volume, peer(cut), context).toMembers();
    // Whether it was committed only the volume's record tells, which may be out of reach for long.
    return OperationBody.forward(context -> patiently(body, context, Backoff.every(PAUSE)));
  }

  private static Map<String, Object> patiently(
      OperationBody body, OperationContext context, Backoff backoff) throws Exception {
    while (true) {
      try {
        return body.run(context);
      } catch (FailureException e) {
        if (e.failure().retry() == Retry.NEVER
            || e.failure() == TransferFailure.INTERRUPTED
            || backoff.isOver()) {
          throw e;
        }
      }
      context.phase("waiting to try again");
      boolean _ = backoff.pause();
    }
  }

  /** Only before it began: the operation itself has changed the volume since. */
  private static Optional<String> ifMatch(Resumption.CutShort cut) {
    return cut.hasBegun()
        ? Optional.empty()
        : Optional.ofNullable(cut.input().get(IF_MATCH)).map(String::valueOf);
  }

  /** An operation that an older flockerd began has none. */
  private static InitialReplication history(Resumption.CutShort cut) {
    Object kept = cut.input().get(HISTORY);
    return kept == null
        ? InitialReplication.LATEST
        : InitialReplication.parse(String.valueOf(kept));
  }

  private static NodeId peer(Resumption.CutShort cut) {
    return NodeId.parse(String.valueOf(cut.input().get(PEER)));
  }
}
