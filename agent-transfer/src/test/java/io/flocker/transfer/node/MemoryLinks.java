package io.flocker.transfer.node;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.http.json.Json;
import io.flocker.http.net.Buffers;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.UploadListener;
import io.flocker.http.problem.Problem;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.DigestAnswer;
import io.flocker.transfer.protocol.DigestRequest;
import io.flocker.transfer.protocol.FindAnswer;
import io.flocker.transfer.protocol.FindRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.protocol.PrepareApplicationAnswer;
import io.flocker.transfer.protocol.PrepareApplicationRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.protocol.VolumeView;
import io.flocker.transfer.stream.StreamSender;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.stream.Wire;
import io.netty.channel.IoEventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** How one node in memory asks others; what is said is written down, and can be lost. */
public final class MemoryLinks implements PeerVolumes {
  /** What happens on the way of a question, or of its answer. */
  @FunctionalInterface
  public interface Fault {
    /**
     * A question is about to arrive, or an answer about to leave.
     *
     * @param moment such as {@code acquire}, and {@code acquire answered}
     */
    void at(String moment) throws FailureException;
  }

  /** Does something about a stream on its wire. On the loop. */
  @FunctionalInterface
  public interface WireFault {
    void on(Wire wire);
  }

  private static final long PATIENCE_SECONDS = 60;
  private static final String CONFIRM = "confirm";

  private final NodeId self;
  private final IoEventLoop loop;
  private final Map<NodeId, MemoryNode> nodes = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<WireFault> wireFaults = new CopyOnWriteArrayList<>();
  private final List<String> said = new ArrayList<>();
  private volatile UnaryOperator<VolumeView> views = UnaryOperator.identity();

  MemoryLinks(NodeId self, IoEventLoop loop) {
    this.self = self;
    this.loop = loop;
  }

  void learn(MemoryNode node) {
    nodes.put(node.id, node);
  }

  /**
   * Every question so far, such as {@code view}; but for those who owns a volume, which come when
   * they come.
   */
  public synchronized List<String> said() {
    return said.stream().filter(moment -> !moment.equals(CONFIRM)).toList();
  }

  /** How often this node has asked who owns a volume. */
  public synchronized int confirms() {
    return Collections.frequency(said, CONFIRM);
  }

  /** Breaks the links from now on. */
  public void breaks(Fault fault) {
    faults.add(fault);
  }

  /** Breaks one moment, each time. */
  public void breaks(String moment, FailureException failure) {
    breaks(now -> {
      if (now.equals(moment)) {
        throw failure;
      }
    });
  }

  /** Does something about every stream from now on. */
  public void breaksStreams(WireFault fault) {
    wireFaults.add(fault);
  }

  /** What peers tell of volumes arrives so from now on. */
  public void distortViews(UnaryOperator<VolumeView> lie) {
    views = lie;
  }

  /** Nothing is broken any more. */
  public void heal() {
    views = UnaryOperator.identity();
    faults.clear();
    wireFaults.clear();
  }

  private interface Question<T> {
    T ask(MemoryNode peer) throws FailureException;
  }

  private <T> T ask(NodeId peer, String moment, Question<T> question) throws FailureException {
    synchronized (this) {
      said.add(moment);
    }
    fail(moment);
    MemoryNode there = nodes.get(peer);
    if (there == null) {
      throw TransferFailure.PEER_UNREACHABLE.because("no node " + peer);
    }
    T answer = answer(there, question);
    fail(moment + " answered");
    return answer;
  }

  /** What nobody foresaw is a 500, as a server has it. */
  private static <T> T answer(MemoryNode there, Question<T> question) throws FailureException {
    try {
      return question.ask(there);
    } catch (RuntimeException e) {
      throw unforeseen(e);
    }
  }

  private static FailureException unforeseen(RuntimeException cause) {
    return RequestFailure.INTERNAL_ERROR.because("unforeseen").causedBy(cause);
  }

  private void fail(String moment) throws FailureException {
    for (Fault fault : faults) {
      fault.at(moment);
    }
  }

  @Override
  public VolumeView view(NodeId peer, Volume volume) throws FailureException {
    VolumeView told =
        ask(
            peer,
            "view",
            there ->
                sent(
                    there.replicas.view(
                        volume.id(),
                        Optional.of(volume.name().toString()),
                        Optional.of(volume.owner().toString())),
                    VolumeView.class));
    return views.apply(told);
  }

  @Override
  public PeerAddress announce(NodeId peer, TransferPlan plan) throws FailureException {
    return ask(
        peer,
        "announce",
        there -> {
          var _ = there.incoming.announce(self, sent(plan, TransferPlan.class));
          return new PeerAddress(peer, new Address("localhost", 1));
        });
  }

  @Override
  public void send(PeerAddress address, TransferPlan plan, UploadListener stream) {
    loop.execute(() -> connect(address.node(), plan, stream));
  }

  private void connect(NodeId peer, TransferPlan plan, UploadListener stream) {
    Wire wire = wire(plan);
    try {
      fail("send");
      wire.connect(Objects.requireNonNull(nodes.get(peer)).incoming.open(wire.exchange));
      wireFaults.forEach(fault -> fault.on(wire));
      wire.connect(stream);
    } catch (FailureException e) {
      stream.response(e.failure().status(), Json.tree(Problem.of(e).document()));
    } catch (RuntimeException e) {
      FailureException failure = unforeseen(e);
      stream.response(failure.failure().status(), Json.tree(Problem.of(failure).document()));
    }
  }

  /** Sends just what an announcement has said, from no dataset. */
  public Wire.Response sendPlanned(TransferPlan plan, NodeId peer) throws Exception {
    CompletableFuture<Wire.Response> refusal = new CompletableFuture<>();
    StreamSender sender =
        new StreamSender(
            () -> MemoryPool.sending(plan), TransferSettings.defaults(), Buffers.pool());
    Wire wire = wire(plan);
    loop.execute(() -> {
      try {
        wire.connect(Objects.requireNonNull(nodes.get(peer)).incoming.open(wire.exchange));
        wire.connect(sender);
      } catch (FailureException e) {
        boolean _ =
            refusal.complete(
                new Wire.Response(e.failure().status(), Json.tree(Problem.of(e).document())));
      }
    });
    return wire.response
        .applyToEither(refusal, answer -> answer)
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Wire wire(TransferPlan plan) {
    return new Wire(loop, new Principal.Node(self), Map.of("id", plan.id().toString()));
  }

  @Override
  public TransferResult result(NodeId peer, UUID transfer) throws FailureException {
    return ask(
        peer,
        "result",
        there -> there.incoming.result(new Principal.Node(self), transfer.toString()));
  }

  @Override
  public void prepare(NodeId peer, VolumeId volume, PrepareRequest request)
      throws FailureException {
    boolean _ =
        ask(
            peer,
            "prepare",
            there -> {
              there.acquisition.prepare(self, volume, sent(request, PrepareRequest.class));
              return true;
            });
  }

  @Override
  public AcquireAnswer acquire(NodeId peer, VolumeId volume, AcquireRequest request)
      throws FailureException {
    return ask(
        peer,
        "acquire",
        there -> there.acquisition.acquire(self, volume, sent(request, AcquireRequest.class)));
  }

  @Override
  public void prune(NodeId peer, VolumeId volume, PruneRequest request) throws FailureException {
    var _ =
        ask(
            peer,
            "prune",
            there -> there.replicas.prune(self, volume, sent(request, PruneRequest.class)));
  }

  @Override
  public SetAsideAnswer setAside(NodeId peer, VolumeId volume, SetAsideRequest request)
      throws FailureException {
    return ask(
        peer,
        "setAside",
        there ->
            sent(
                there.replicas.setAside(self, volume, sent(request, SetAsideRequest.class)),
                SetAsideAnswer.class));
  }

  @Override
  public ConfirmAnswer confirm(NodeId peer, VolumeId volume, ConfirmRequest question)
      throws FailureException {
    return ask(
        peer,
        CONFIRM,
        there ->
            sent(
                there.confirmation.answer(self, volume, sent(question, ConfirmRequest.class)),
                ConfirmAnswer.class));
  }

  @Override
  public FindAnswer find(NodeId peer, FindRequest request) throws FailureException {
    return ask(
        peer,
        "find",
        there -> sent(there.find.answer(sent(request, FindRequest.class)), FindAnswer.class));
  }

  @Override
  public PrepareApplicationAnswer prepare(NodeId peer, PrepareApplicationRequest request) {
    throw new UnsupportedOperationException("no application runs in memory");
  }

  @Override
  public void give(NodeId peer, VolumeId volume) throws FailureException {
    boolean _ =
        ask(
            peer,
            "give",
            there -> {
              there.give(self, volume);
              return true;
            });
  }

  @Override
  public DigestAnswer digest(NodeId peer, VolumeId volume, DigestRequest request)
      throws FailureException {
    return ask(
        peer,
        "digest",
        there ->
            sent(
                there.digests.answer(self, volume, sent(request, DigestRequest.class), _ -> {}),
                DigestAnswer.class));
  }

  /** As it is read at the other end. */
  private static <T> T sent(Object message, Class<T> type) throws FailureException {
    return PeerVolumes.read(Json.tree(message), type);
  }
}
