package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.TaskId;
import io.flocker.http.json.Json;
import io.flocker.http.net.EventLoops;
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

  private final EventLoops loops;
  private final PeerClientSettings settings;
  private final ChannelGroup channels;
  private final VirtualThreadResolver names = new VirtualThreadResolver();
  private final Connector connector;
  private final Map<EventLoop, ConnectionPool> pools = new ConcurrentHashMap<>();

  /** A client of its own pools; whoever makes it closes it, before the loops and the contexts. */
  public PeerClient(EventLoops loops, TlsContexts tls, PeerClientSettings settings) {
    this.loops = loops;
    this.settings = settings;
    this.channels = new DefaultChannelGroup(loops.next(), true);
    this.connector = new Connector(tls, settings, channels, names);
  }

  /**
   * Asks a peer and waits for the answer, as an action of the current Eliot task which the peer
   * continues. Nodes say every few seconds that they are at work (an interim 102): what they do is
   * waited for however long it takes, since only they know how long their ZFS may.
   *
   * @param path with its query, percent-encoded
   * @param body anything Jackson writes; null for none
   * @param silence how long the peer may say nothing at all
   * @return the answer's body; a missing node if it has none
   * @throws FailureException what the peer's problem document says, or {@code PEER_UNREACHABLE},
   *     {@code PEER_IDENTITY}, {@code PEER_SILENT}, {@code PEER_FAILED}, {@code CANCELLED}
   */
  public JsonNode call(
      PeerAddress peer, String method, String path, @Nullable Object body, Duration silence)
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
      JsonNode answer = read(peer, call.await(silence));
      action.succeed(Map.of());
      return answer;
    } catch (FailureException e) {
      action.fail(e);
      throw e;
    }
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

  /** Lets every exchange that begins from now on begin with a handshake; what runs goes on. */
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

  private static JsonNode read(PeerAddress peer, PendingCall.RawAnswer answer)
      throws FailureException {
    boolean isSuccess = answer.status() >= SUCCESS && answer.status() < REDIRECT;
    try {
      JsonNode document = Json.read(answer.body());
      if (isSuccess) {
        return document;
      }
      throw Problem.read(answer.status(), document);
    } catch (JacksonException e) {
      throw TransferFailure.PEER_FAILED
          .because(
              "Node " + peer.node() + " answered " + answer.status() + " with what is no JSON.")
          .causedBy(e);
    }
  }
}
