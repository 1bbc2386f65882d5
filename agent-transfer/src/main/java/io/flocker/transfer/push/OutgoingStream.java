package io.flocker.transfer.push;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.CancellableWait;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.plan.Step;
import io.flocker.core.retry.Backoff;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Storage;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.transfer.TransferEvents;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.http.net.Buffers;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.problem.Problem;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.stream.SendOutcome;
import io.flocker.transfer.stream.StreamSender;
import io.flocker.transfer.stream.TransferSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one step of a plan as one stream and waits until the peer has proven it. Blocking. */
public final class OutgoingStream {
  /** How often the operation's progress follows the stream. */
  private static final long PROGRESS_MILLIS = 200;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long to wait for a place among the streams that the peer takes. */
  private static final Duration PLACE = Duration.ofMinutes(1);

  private final Storage storage;
  private final PeerVolumes peers;
  private final TransferSettings settings;
  private final EventSink events;
  private final TransferBoard board;
  private final SendPermits permits;
  private final StreamRates rates;

  /**
   * Sends from the pool of {@code node}.
   *
   * @param rates say how fast
   * @param limit how many streams may leave this node at once
   */
  public OutgoingStream(
      NodeVolumes node,
      PeerVolumes peers,
      TransferSettings settings,
      StreamRates rates,
      TransferBoard board,
      int limit) {
    this.rates = rates;
    this.events = node.events();
    this.permits = new SendPermits(limit);
    this.storage = node.storage();
    this.peers = peers;
    this.settings = settings;
    this.board = board;
  }

  /** One stream to one peer, and the operation that sends it. */
  private record Sending(
      NodeId peer,
      Volume volume,
      Step step,
      TransferPlan plan,
      FanOut fanOut,
      OperationContext context,
      PushMeter meter) {}

  /** What is to be done before a byte is sent. */
  @FunctionalInterface
  interface Accepted {
    /** Does it; where it fails nothing is sent. */
    void run() throws FailureException;
  }

  /**
   * Sends {@code step}; {@code meter} tells the operation how far it has come.
   *
   * @param properties what the volume is set to
   * @param grants how the volume came to this node, as far as the peer does not know
   * @param fanOut who may need the same stream
   * @param accepted is called once the peer waits for this stream and for no other
   */
  SentStream send(
      NodeId peer,
      Volume volume,
      Step step,
      Map<String, String> properties,
      GrantChain grants,
      FanOut fanOut,
      OperationContext context,
      PushMeter meter,
      Accepted accepted)
      throws Exception {
    TransferPlan plan =
        TransferPlan.of(step, volume, context.id(), meter.estimate(step), properties, grants);
    Action action =
        Action.start(
            ActionType.TRANSFER_SEND,
            Map.of(
                "transfer", plan.id().toString(),
                "volume", volume.id().toString(),
                "peer", peer.toString(),
                "kind", plan.kind().toString(),
                "to", step.to().guid().toString()));
    Sending sending = new Sending(peer, volume, step, plan, fanOut, context, meter);
    return action.call(() -> {
      PeerAddress address = announce(sending);
      try {
        return sendAndTell(sending, address, accepted);
      } finally {
        permits.giveBack();
      }
    });
  }

  /**
   * Announces the stream, with a permit taken. Where the peer has no place for it, others that go
   * elsewhere have the permit meanwhile.
   */
  private PeerAddress announce(Sending sending) throws Exception {
    OperationContext context = sending.context();
    NodeId peer = sending.peer();
    TransferPlan plan = sending.plan();
    Backoff waiting = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(PLACE);
    while (true) {
      permits.take(context);
      context.waitsFor(Wait.ANNOUNCING);
      try {
        return CancellableWait.of(context, () -> peers.announce(peer, plan));
      } catch (FailureException e) {
        permits.giveBack();
        if (e.failure() != RequestFailure.TOO_MANY_REQUESTS || !waiting.pause()) {
          TransferEvents.sending(events, plan, peer).failed(e);
          throw e;
        }
        context.phase("queued");
      } catch (RuntimeException e) {
        permits.giveBack();
        throw e;
      }
    }
  }

  private SentStream sendAndTell(Sending sending, PeerAddress address, Accepted accepted)
      throws Exception {
    TransferEvents telling = TransferEvents.sending(events, sending.plan(), sending.peer());
    try {
      accepted.run();
      SentStream sent = transfer(sending, address, telling);
      telling.succeeded(sent.bytes());
      return sent;
    } catch (Exception e) {
      telling.failed(e);
      throw e;
    }
  }

  private SentStream transfer(Sending sending, PeerAddress address, TransferEvents telling)
      throws Exception {
    NodeId peer = sending.peer();
    Volume volume = sending.volume();
    Step step = sending.step();
    TransferPlan plan = sending.plan();
    OperationContext context = sending.context();
    long begun = System.nanoTime();
    SendRequest request = step.request(volume.dataset().name());
    RememberedChild child = new RememberedChild();
    CompletableFuture<FailureException> lost = new CompletableFuture<>();
    FanOut.Source source = () -> storage.send(request, settings.pipeBytes());
    StreamSender sender =
        new StreamSender(
            () ->
                child.keep(
                    sending
                        .fanOut()
                        .start(peer, request, settings.pipeBytes(), source, lost::complete)),
            settings.and(rates.of(volume, context)),
            Buffers.pool());
    var _ = lost.thenAccept(sender::end);
    context.onCancel(sender::cancel);
    context.waitsFor(Wait.FIRST_BYTE);
    long bytes;
    try (TransferBoard.Entry entry =
        board.begin(TransferDirection.OUT, plan, peer, sender::bytesSent)) {
      peers.send(address, plan, sender);
      bytes = settle(sending, await(sending, sender, telling), child);
      entry.succeed();
    }
    sending.meter().finished(bytes);
    double seconds = (System.nanoTime() - begun) / (double) Duration.ofSeconds(1).toNanos();
    return new SentStream(plan.kind().toString(), step.from(), step.to().guid(), bytes, seconds);
  }

  private SendOutcome await(Sending sending, StreamSender sender, TransferEvents telling)
      throws InterruptedException, ExecutionException {
    OperationContext context = sending.context();
    ChildAtWork atWork = new ChildAtWork(peers, sending.peer(), sending.plan().id());
    CompletableFuture<SendOutcome> outcome = sender.outcome().toCompletableFuture();
    try {
      while (true) {
        try {
          return outcome.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          sending.meter().moved(sender.bytesSent());
          telling.progress(sender.bytesSent());
          atWork.sent(sender.bytesSent());
          context.moved(sender.bytesSent(), sender.bytesTaken());
          if (sender.isSentWhole()) {
            context.waitsFor(Wait.PROOF);
          }
        }
      }
    } catch (InterruptedException e) {
      sender.cancel();
      throw e;
    }
  }

  private long settle(Sending sending, SendOutcome outcome, RememberedChild child)
      throws FailureException {
    NodeId peer = sending.peer();
    TransferPlan plan = sending.plan();
    return switch (outcome) {
      case SendOutcome.Answered answered -> {
        if (answered.status() / 100 != 2) {
          FailureException said = Problem.read(answered.status(), answered.body());
          throw answered.child().map(end -> said.with("sender", end.toMember())).orElse(said);
        }
        requireReceived(plan, PeerVolumes.read(answered.body(), TransferResult.class));
        yield answered.bytes();
      }
      case SendOutcome.Failed failed -> {
        FailureException why = explain(sending.volume(), failed.failure(), child);
        if (!isAnswerLost(why) || !wasReceived(peer, plan, failed.bytes())) {
          throw why.failure() == TransferFailure.SENDER_FAILED
              ? withReceiversEnd(peer, plan, why)
              : why;
        }
        yield failed.bytes();
      }
    };
  }

  private static void requireReceived(TransferPlan plan, TransferResult result)
      throws FailureException {
    if (result.state() != TransferResult.State.RECEIVED
        || !result.snapshots().contains(plan.last().guid())) {
      throw TransferFailure.WRONG_GUID.because(
          "the peer holds " + result.snapshots() + ", not " + plan.last().guid());
    }
  }

  private FailureException explain(Volume volume, FailureException why, RememberedChild child) {
    if (why.failure() != TransferFailure.SENDER_FAILED || child.ended().isEmpty()) {
      return why;
    }
    return child.explain(storage, volume.dataset().name()).withMembersOf(why);
  }

  /** Adds how the receiving child ended, where the peer tells it soon. */
  private FailureException withReceiversEnd(NodeId peer, TransferPlan plan, FailureException why) {
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(settings.silence());
    try {
      TransferResult result = peers.result(peer, plan.id());
      while (result.state() == TransferResult.State.RECEIVING && backoff.pause()) {
        result = peers.result(peer, plan.id());
      }
      return result
          .problem()
          .map(problem -> problem.get("receiver"))
          .map(end -> why.with("receiver", end))
          .orElse(why);
    } catch (FailureException e) {
      why.addSuppressed(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return why;
  }

  private static boolean isAnswerLost(FailureException why) {
    return why.failure() == TransferFailure.PEER_UNREACHABLE
        || why.failure() == TransferFailure.PEER_SILENT;
  }

  /**
   * A stream may have arrived although its answer did not: the receiver remembers. Of one that has
   * come whole it may have ZFS at work for long.
   */
  private boolean wasReceived(NodeId peer, TransferPlan plan, long bytes) {
    Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE).within(settings.silence());
    while (true) {
      try {
        TransferResult result = peers.result(peer, plan.id());
        switch (result.state()) {
          case RECEIVED -> {
            return result.snapshots().contains(plan.last().guid());
          }
          case FAILED, ANNOUNCED -> {
            return false;
          }
          case RECEIVING -> {
            if (bytes > 0 && result.bytes() == bytes) {
              backoff.reset();
              backoff.within(settings.silence()); // That it is at work is a word, too.
            }
            if (!backoff.pause()) {
              return false;
            }
          }
        }
      } catch (FailureException _) {
        return false; // The link is down: the next push asks again what is there.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
