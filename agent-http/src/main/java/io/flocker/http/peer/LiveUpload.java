package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.json.Json;
import io.flocker.http.net.SharedBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A request with a chunked body of any length. On its event loop only. */
final class LiveUpload implements PeerExchange, Upload {
  private final PeerAddress peer;
  private final HttpRequest head;
  private final UploadListener listener;
  private final ConnectionPool pool;
  private final Duration acceptWithin;
  private @Nullable PeerConnection connection;
  private @Nullable Future<?> acceptDeadline;
  private boolean isAccepted;
  private boolean isRetried;
  private boolean isWhole;
  private boolean isOver;

  LiveUpload(
      PeerAddress peer,
      HttpRequest head,
      UploadListener listener,
      ConnectionPool pool,
      Duration acceptWithin) {
    this.peer = peer;
    this.head = head;
    this.listener = listener;
    this.pool = pool;
    this.acceptWithin = acceptWithin;
  }

  @Override
  public PeerAddress peer() {
    return peer;
  }

  @Override
  public boolean isOver() {
    return isOver;
  }

  @Override
  public boolean isWhole() {
    return isWhole;
  }

  @Override
  public EventLoop eventLoop() {
    return pool.loop();
  }

  @Override
  public boolean isWritable() {
    return connection != null && connection.isWritable();
  }

  @Override
  public void begin(PeerConnection taken) {
    connection = taken;
    acceptDeadline =
        pool.loop().schedule(this::stayedSilent, acceptWithin.toNanos(), TimeUnit.NANOSECONDS);
    taken.write(head);
  }

  @Override
  public void proceed() {
    if (!isAccepted && !isOver) {
      isAccepted = true;
      stopClock();
      listener.accepted(this);
    }
  }

  @Override
  public void interim(Map<String, String> headers) {
    listener.interim(headers);
  }

  @Override
  public void writabilityChanged() {
    if (isAccepted && !isWhole) {
      listener.writabilityChanged();
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    PeerConnection taken = connection;
    if (taken == null || isWhole) {
      bytes.release();
    } else {
      taken.write(new DefaultHttpContent(bytes));
    }
  }

  @Override
  public void finish(Map<String, String> trailers) {
    PeerConnection taken = connection;
    if (taken != null && !isWhole) {
      isWhole = true;
      LastHttpContent last = new DefaultLastHttpContent();
      trailers.forEach(last.trailingHeaders()::set);
      taken.write(last);
    }
  }

  @Override
  public void abort() {
    PeerConnection taken = connection;
    end();
    if (taken != null) {
      taken.close();
    }
  }

  @Override
  public void response(int status, ByteBuffer body, SharedBudget.Payment payment) {
    try (payment) {
      end();
      listener.response(status, document(body));
    }
  }

  @Override
  public void lost(FailureException failure, boolean isStale) {
    connection = null;
    stopClock();
    if (isStale && !isRetried && !isAccepted) {
      isRetried = true;
      pool.runAnew(this);
    } else if (!isOver) {
      end();
      listener.failed(failure);
    }
  }

  private void stayedSilent() {
    abort();
    listener.failed(
        TransferFailure.PEER_SILENT.because(
            "Node "
                + peer.node()
                + " has neither accepted nor refused "
                + head.uri()
                + " within "
                + acceptWithin.toMillis()
                + " ms."));
  }

  private void end() {
    isOver = true;
    connection = null;
    stopClock();
  }

  private void stopClock() {
    if (acceptDeadline != null) {
      boolean _ = acceptDeadline.cancel(false);
      acceptDeadline = null;
    }
  }

  /**
   * The body as JSON; a missing node where it is none, or longer than any that belongs here: then
   * the status has to do.
   */
  private static JsonNode document(ByteBuffer body) {
    try {
      long _ = Json.treeBytes(body);
      return Json.read(body);
    } catch (JacksonException _) {
      return MissingNode.getInstance();
    }
  }
}
