package io.flocker.transfer.protocol;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.http.json.Json;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.UploadListener;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks and tells other nodes about volumes. Every method but {@link #send} blocks for as long as
 * the peer says that it is at work, or until it has said nothing for too long, and throws what the
 * peer answered as the {@link FailureException} that it was there. Any thread may call.
 */
public interface PeerVolumes {
  /** What a peer has of a volume. */
  VolumeView view(NodeId peer, Volume volume) throws FailureException;

  /** Announces a stream; tells at which address its body is awaited. */
  PeerAddress announce(NodeId peer, TransferPlan plan) throws FailureException;

  /** Begins to send the body of an announced stream; {@code stream} hears of all that follows. */
  void send(PeerAddress address, TransferPlan plan, UploadListener stream);

  /** How far an announced stream has come at the peer. */
  TransferResult result(NodeId peer, UUID transfer) throws FailureException;

  /** Asks whether the peer could own the volume. */
  void prepare(NodeId peer, VolumeId volume, PrepareRequest request) throws FailureException;

  /** Grants the volume to the peer; may be repeated until it answers. */
  AcquireAnswer acquire(NodeId peer, VolumeId volume, AcquireRequest request)
      throws FailureException;

  /** Tells the peer what the owner still keeps. */
  void prune(NodeId peer, VolumeId volume, PruneRequest request) throws FailureException;

  /**
   * Has the peer keep its copy, which has changed by itself, under another name.
   *
   * @throws FailureException {@code SET_ASIDE_REFUSED} and others where the peer refuses; {@code
   *     NOT_FOUND} from a peer that knows no such question
   */
  SetAsideAnswer setAside(NodeId peer, VolumeId volume, SetAsideRequest request)
      throws FailureException;

  /**
   * Asks who owns a volume, and shows what this node knows.
   *
   * @throws FailureException {@code NOT_FOUND} from a peer that knows no such question
   */
  ConfirmAnswer confirm(NodeId peer, VolumeId volume, ConfirmRequest question)
      throws FailureException;

  /**
   * Asks which volumes a peer has of some.
   *
   * @throws FailureException {@code NOT_FOUND} or {@code METHOD_NOT_ALLOWED} from a peer that knows
   *     no such question
   */
  FindAnswer find(NodeId peer, FindRequest request) throws FailureException;

  /**
   * Has a peer get ready for an application that is to come; answered after a while though it still
   * is at work then.
   *
   * @throws FailureException {@code NOT_WISHED_HERE} or why the peer cannot; {@code NOT_FOUND} from
   *     one that knows no such question
   */
  PrepareApplicationAnswer prepare(NodeId peer, PrepareApplicationRequest request)
      throws FailureException;

  /**
   * Asks the owner of a volume to hand it off to this node; answered once that is done.
   *
   * @throws FailureException {@code KEPT_BY_OWNER} and others where the owner refuses; {@code
   *     NOT_FOUND} from a peer that knows no such question
   */
  void give(NodeId peer, VolumeId volume) throws FailureException;

  /**
   * Asks what a snapshot of the peer's copy contains; answered once all of it was read.
   *
   * @throws FailureException {@code NOT_FOUND} from a peer that knows no such question
   */
  DigestAnswer digest(NodeId peer, VolumeId volume, DigestRequest request) throws FailureException;

  /** Reads what a peer said. */
  static <T> T read(JsonNode answer, Class<T> type) throws FailureException {
    if (!answer.isObject()) {
      throw TransferFailure.PEER_FAILED.because("its answer is no object");
    }
    try {
      return Json.convertAnswer(answer, type);
    } catch (JacksonException e) {
      throw TransferFailure.PEER_FAILED
          .because("its answer cannot be read: " + Json.complaint(e))
          .causedBy(e);
    }
  }
}
