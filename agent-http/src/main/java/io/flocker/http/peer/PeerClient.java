package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.TaskId;
import io.flocker.http.json.Json;
import io.flocker.http.net.EventLoops;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.problem.Problem;
import io.flocker.http.tls.TlsContexts;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What this node asks of its peers, over connections that each event loop pools. Any thread may
 * call; {@link #call} blocks and is not for event loops.
 */
public final class PeerClient implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private static final int SUCCESS = 200; // RFC 9110, section 15.3: 200 to 299
  private static final int REDIRECT = 300;

  /** What is about one volume is shorter, unless that has more than a thousand snapshots. */
  private static final int LONG_ANSWER = 128 * 1024;

  /** How long an answer waits to be read; the longest there may be takes a second or two. */
  private static final Duration TURN = Duration.ofSeconds(30);

  private final EventLoops loops;
  private final PeerClientSettings settings;
  private final ChannelGroup channels;
  private final VirtualThreadResolver names = new VirtualThreadResolver();
  private final Connector connector;
  private final ReentrantLock longAnswers = new ReentrantLock(true);
  private final Map<EventLoop, ConnectionPool> pools = new ConcurrentHashMap<>();

  /** A client of its own pools; whoever makes it closes it, before the loops and the contexts. */
  public PeerClient(EventLoops loops, TlsContexts tls, PeerClientSettings settings) {
    this.loops = loops;
    this.settings = settings;
    this.channels = new DefaultChannelGroup(loops.next(), true);
    this.connector = new Connector(tls, settings, channels, names, answers(settings));
  }

  /**
   * Asks a peer and waits for the answer, as an action of the current Eliot task which the peer
   * continues. Nodes say every few seconds that they are at work (an interim 102): what they do is
   * waited for however long it takes, since only they know how long their ZFS may.
   *
   * @param path with its query, percent-encoded
   * @param body anything Jackson writes; null for none
   * @param silence how long the peer may say nothing at all
   * @param reader makes of the answer what it means; is given a missing node if there is no body
   * @throws FailureException what the peer's problem document says, or {@code PEER_UNREACHABLE},
   *     {@code PEER_IDENTITY}, {@code PEER_SILENT}, {@code PEER_FAILED}, {@code CANCELLED}
   */
  public <T> T call(
      PeerAddress peer,
      String method,
      String path,
      @Nullable Object body,
      Duration silence,
      AnswerReader<T> reader)
      throws FailureException {
    Action action =
        Action.start(
            ActionType.HTTP_CALL,
            Map.of("peer", peer.node().toString(), "method", method, "path", path));
    Map<String, String> headers = Map.of(TaskId.HEADER, action.reserve().toString());
    ByteBuffer bytes = body == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(Json.write(body));
    ConnectionPool pool = pool(loops.of(peer));
    try {
      PendingCall call =
          new PendingCall(peer, HttpMethod.valueOf(method), path, headers, bytes, pool);
      T answer;
      try (PendingCall.RawAnswer raw = call.await(silence)) {
        answer = readInTurn(peer, raw, reader);
      }
      action.succeed(Map.of());
      return answer;
    } catch (FailureException e) {
      action.fail(e);
      throw e;
    }
  }

  /** The same; what is answered is the caller's to read. */
  public JsonNode call(
      PeerAddress peer, String method, String path, @Nullable Object body, Duration silence)
      throws FailureException {
    return call(peer, method, path, body, silence, answer -> answer);
  }

  /** Makes of an answer what it means. */
  @FunctionalInterface
  public interface AnswerReader<T> {
    /** Reads it, or says why it cannot be. */
    T read(JsonNode answer) throws FailureException;
  }

  /**
   * Begins a chunked PUT whose last chunk brings {@code Flocker-Proof}; the listener hears all the
   * rest.
   *
   * @param headers what goes beside those that every upload has
   * @param loop where the connection lives, and the listener is called
   */
  public void upload(
      PeerAddress peer,
      String path,
      String mediaType,
      Map<String, String> headers,
      EventLoop loop,
      UploadListener listener) {
    ConnectionPool pool = pool(loop);
    LiveUpload upload =
        new LiveUpload(
            peer,
            Requests.upload(peer, path, mediaType, headers),
            listener,
            pool,
            settings.accept());
    loop.execute(() -> pool.run(upload));
  }

  /**
   * Closes idle connections, so that every exchange that begins from now on begins with a
   * handshake; what runs goes on.
   */
  public void renew() {
    pools.forEach((loop, pool) -> loop.execute(pool::closeIdle));
  }

  /** Closes every connection; what still runs on them fails. */
  @Override
  public void close() {
    boolean _ = channels.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    names.close();
  }

  private ConnectionPool pool(EventLoop loop) {
    return pools.computeIfAbsent(loop, own -> new ConnectionPool(own, connector, settings));
  }

  private static SharedBudget answers(PeerClientSettings settings) {
    return new SharedBudget(
        settings.answersBytes(),
        new SharedBudget.Refusals(
            TransferFailure.PEER_FAILED,
            "What node %s answers takes more room than one peer's answers may at once.",
            TransferFailure.PEER_FAILED,
            "What all peers answer takes more room than there is for it."));
  }

  /** A long answer's tree takes many times its text: there is one at a time. */
  private <T> T readInTurn(PeerAddress peer, PendingCall.RawAnswer answer, AnswerReader<T> reader)
      throws FailureException {
    if (answer.body().remaining() <= LONG_ANSWER) {
      return read(peer, answer, reader);
    }
    try {
      if (!longAnswers.tryLock(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
        throw TransferFailure.PEER_FAILED.because(
            "What node " + peer.node() + " answers is long, and others are being read.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("Nobody waits for what node " + peer.node() + " answers any more.")
          .causedBy(e);
    }
    try {
      return read(peer, answer, reader);
    } finally {
      longAnswers.unlock();
    }
  }

  private static <T> T read(PeerAddress peer, PendingCall.RawAnswer answer, AnswerReader<T> reader)
      throws FailureException {
    JsonNode document;
    try {
      document = Json.readAnswer(answer.body());
    } catch (JacksonException e) {
      throw TransferFailure.PEER_FAILED
          .because(
              "Node %s answered %d with what cannot be read: %s."
                  .formatted(peer.node(), answer.status(), Json.complaint(e)))
          .causedBy(e);
    }
    if (answer.status() < SUCCESS || answer.status() >= REDIRECT) {
      throw Problem.read(answer.status(), document);
    }
    return reader.read(document);
  }
}
