package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.identity.Principal;
import io.flocker.http.peer.Upload;
import io.flocker.http.peer.UploadListener;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request on its way between a sender and a receiver that share an event loop: chunks with
 * backpressure, interim and final responses, and whatever may go wrong in between. Either end may
 * be left out, and played by the test. On the loop only, but for the futures.
 */
public final class Wire {
  private static final int HIGH_WATERMARK_BYTES = 64 * 1024;
  private static final int READ_BYTES = 64 * 1024;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The final response. */
  public record Response(int status, JsonNode body) {
    public String type() {
      return body.path("type").asString();
    }
  }

  public final CompletableFuture<Response> response = new CompletableFuture<>();
  public final CompletableFuture<Map<String, String>> finished = new CompletableFuture<>();
  public final CompletableFuture<Boolean> aborted = new CompletableFuture<>();
  final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();
  final Upload upload = new SendingEnd();
  public final StreamExchange exchange = new ReceivingEnd();

  private final IoEventLoop loop;
  private final Principal caller;
  private final Map<String, String> variables;
  private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
  private @Nullable UploadListener sender;
  private @Nullable StreamBody receiver;
  private @Nullable Map<String, String> trailers;
  private UnaryOperator<Map<String, String>> liar = UnaryOperator.identity();
  private int queuedBytes;
  private long sentBytes;
  private boolean isReadWanted;
  private boolean isEnded;
  private boolean isDeaf;
  private boolean isDammed;

  Wire(IoEventLoop loop) {
    this(loop, new Principal.ControlService(), Map.of());
  }

  /** A request of {@code caller}, whose path has these {@code variables}. */
  public Wire(IoEventLoop loop, Principal caller, Map<String, String> variables) {
    this.loop = loop;
    this.caller = caller;
    this.variables = variables;
  }

  /** Has the head accepted, so that the sender begins. */
  public void connect(UploadListener from) {
    sender = from;
    from.accepted(upload);
  }

  /** Has the head read, so that the receiver begins. */
  public void connect(StreamBody to) {
    receiver = to;
    to.readComplete();
  }

  /** What the sender vouches for arrives as {@code lie} has it. */
  public void distortTrailers(UnaryOperator<Map<String, String>> lie) {
    liar = lie;
  }

  /** Nothing that the receiver says arrives any more. */
  public void deafen() {
    isDeaf = true;
  }

  /** Nothing of the body arrives until it is called again with false. */
  void dam(boolean isOn) {
    isDammed = isOn;
    pump();
  }

  /** The connection is lost. */
  public void cut() {
    upload.abort();
    UploadListener to = sender;
    if (to != null) {
      to.failed(TransferFailure.PEER_UNREACHABLE.because("connection reset"));
    }
  }

  long sentBytes() {
    return sentBytes;
  }

  private void pump() {
    StreamBody to = receiver;
    if (to == null || !isReadWanted || isDammed || isEnded || response.isDone()) {
      return;
    }
    if (chunks.isEmpty() && trailers == null) {
      return;
    }
    isReadWanted = false;
    deliver(to);
    if (chunks.isEmpty() && trailers != null && !response.isDone()) {
      isEnded = true;
      to.last(liar.apply(trailers));
    }
    if (!response.isDone()) {
      to.readComplete();
    }
    UploadListener from = sender;
    if (from != null && trailers == null) {
      from.writabilityChanged();
    }
  }

  private void deliver(StreamBody to) {
    int bytes = 0;
    while (!chunks.isEmpty() && bytes < READ_BYTES && !response.isDone()) {
      ByteBuf chunk = chunks.remove();
      bytes += chunk.readableBytes();
      to.content(chunk);
    }
    queuedBytes -= bytes;
  }

  private void answer(int status, Object body) {
    JsonNode json = JSON.valueToTree(body);
    response.complete(new Response(status, json));
    drop();
    UploadListener to = sender;
    if (to != null && !isDeaf) {
      to.response(status, json);
    }
  }

  private void drop() {
    chunks.forEach(ByteBuf::release);
    chunks.clear();
  }

  private final class SendingEnd implements Upload {
    @Override
    public IoEventLoop eventLoop() {
      return loop;
    }

    @Override
    public boolean isWritable() {
      return queuedBytes < HIGH_WATERMARK_BYTES;
    }

    @Override
    public void write(ByteBuf bytes) {
      sentBytes += bytes.readableBytes();
      if (response.isDone() || aborted.isDone()) {
        bytes.release();
        return;
      }
      queuedBytes += bytes.readableBytes();
      chunks.add(bytes);
      loop.execute(Wire.this::pump);
    }

    @Override
    public void finish(Map<String, String> announced) {
      finished.complete(announced);
      trailers = byLowerCaseName(announced);
      loop.execute(Wire.this::pump);
    }

    @Override
    public void abort() {
      if (aborted.complete(true)) {
        drop();
        StreamBody to = receiver;
        if (to != null && !response.isDone()) {
          to.aborted(new IOException("connection reset"));
        }
      }
    }
  }

  private final class ReceivingEnd implements StreamExchange {
    @Override
    public Principal caller() {
      return caller;
    }

    @Override
    public Map<String, String> variables() {
      return variables;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    @Override
    public IoEventLoop eventLoop() {
      return loop;
    }

    @Override
    public void read() {
      isReadWanted = true;
      loop.execute(Wire.this::pump);
    }

    @Override
    public void interim(Map<String, String> headers) {
      taken.add(Long.parseLong(headers.getOrDefault(TakenHeader.NAME, "-1")));
      UploadListener to = sender;
      if (to != null && !isDeaf) {
        to.interim(byLowerCaseName(headers));
      }
    }

    @Override
    public void respond(int status, Object body) {
      answer(status, body);
    }

    @Override
    public void fail(FailureException failure) {
      Map<String, Object> problem = new LinkedHashMap<>();
      problem.put("type", failure.failure().type());
      problem.put("detail", failure.detail());
      problem.putAll(failure.members());
      answer(failure.failure().status(), problem);
    }
  }

  private static Map<String, String> byLowerCaseName(Map<String, String> headers) {
    Map<String, String> byName = new LinkedHashMap<>();
    headers.forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), value));
    return byName;
  }
}
