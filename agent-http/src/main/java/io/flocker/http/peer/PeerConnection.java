package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.net.SharedBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose peer is known to be the node that was meant; serves one exchange after the
 * other. On its event loop only.
 */
final class PeerConnection extends ChannelInboundHandlerAdapter {
  /** What is collected is copied once, when it is whole. */
  private static final long COPIES = 2;

  private final Channel channel;
  private final PeerAddress peer;
  private final ConnectionPool pool;
  private final int maxResponseBytes;
  private final SharedBudget answers;

  private @Nullable PeerExchange exchange;
  private boolean hasServed;
  private boolean hasAnswered;
  private boolean isKept;
  private HttpResponseStatus status = HttpResponseStatus.CONTINUE;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** For what is in {@link #body}; handed on with the response. */
  private SharedBudget.Payment payment;

  private Throwable lossCause = new ClosedChannelException();

  /**
   * A connection that is open.
   *
   * @param answers pays for what is collected of responses
   */
  PeerConnection(
      Channel channel,
      PeerAddress peer,
      ConnectionPool pool,
      int maxResponseBytes,
      SharedBudget answers) {
    this.channel = channel;
    this.peer = peer;
    this.pool = pool;
    this.maxResponseBytes = maxResponseBytes;
    this.answers = answers;
    this.payment = begin();
  }

  PeerAddress peer() {
    return peer;
  }

  EventLoop eventLoop() {
    return channel.eventLoop();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  boolean isOpen() {
    return channel.isActive();
  }

  /** Begins an exchange; the one before has ended. */
  void start(PeerExchange next) {
    exchange = next;
    hasAnswered = false;
    next.begin(this);
  }

  /** Writes and flushes; takes the release. A failure shows on the reading side. */
  void write(Object message) {
    var _ = channel.writeAndFlush(message);
  }

  /** Closes without a word to the exchange. Idempotent. */
  void close() {
    exchange = null;
    payment.close();
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      switch (message) {
        case HttpResponse response -> takeHead(response);
        case HttpContent content -> takeContent(content);
        default -> breach("sent what is not HTTP");
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(this);
    lose(lossCause);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lossCause = cause;
    var _ = ctx.close();
  }

  private void takeHead(HttpResponse response) {
    hasAnswered = true;
    if (response.decoderResult().isFailure()) {
      breach("sent what is not HTTP/1.1");
      return;
    }
    status = response.status();
    isKept = HttpUtil.isKeepAlive(response);
    PeerExchange running = exchange;
    if (running == null) {
      breach("answered what nobody asked");
    } else if (status.equals(HttpResponseStatus.CONTINUE)) {
      running.proceed();
    } else if (isInterim()) {
      running.interim(byName(response));
    }
  }

  private void takeContent(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      breach("sent what is not HTTP/1.1");
    } else if (body.size() + content.content().readableBytes() > maxResponseBytes) {
      breach("answers with more than " + maxResponseBytes + " bytes");
    } else if (exchange != null && !isInterim()) {
      try {
        collect(content.content());
      } catch (FailureException spent) {
        end(spent, false);
        return;
      }
      if (content instanceof LastHttpContent) {
        finish();
      }
    }
  }

  private void collect(ByteBuf bytes) throws FailureException {
    payment.pay(COPIES * bytes.readableBytes());
    byte[] part = new byte[bytes.readableBytes()];
    bytes.readBytes(part);
    body.writeBytes(part);
  }

  private void finish() {
    PeerExchange running = exchange;
    ByteBuffer collected = ByteBuffer.wrap(body.toByteArray());
    SharedBudget.Payment paid = payment;
    payment = begin();
    body = new ByteArrayOutputStream();
    exchange = null;
    hasServed = true;
    if (running != null) {
      if (isKept && running.isWhole()) {
        pool.keep(this);
      } else {
        close();
      }
      running.response(status.code(), collected, paid);
    } else {
      paid.close();
    }
  }

  private SharedBudget.Payment begin() {
    return answers.begin(peer.node().toString());
  }

  /** The peer is there, but what it says is of no use. */
  private void breach(String what) {
    end(TransferFailure.PEER_FAILED.because(description() + " " + what + "."), false);
  }

  private void lose(Throwable cause) {
    boolean isStale = hasServed && !hasAnswered;
    end(ConnectionFailure.lost(peer, cause), isStale);
  }

  private void end(FailureException failure, boolean isStale) {
    PeerExchange running = exchange;
    close();
    if (running != null) {
      running.lost(failure, isStale);
    }
  }

  private String description() {
    return peer.toString();
  }

  private boolean isInterim() {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private static Map<String, String> byName(HttpResponse response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .iteratorAsString()
        .forEachRemaining(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return headers;
  }
}
