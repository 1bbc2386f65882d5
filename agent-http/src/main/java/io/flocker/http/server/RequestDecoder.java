package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.net.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder with our limits, and strict where a second reader could read otherwise. Decodes
 * one request, and the next when it is told to: until then what was sent in advance stays bytes.
 * These bytes, heads and trailers are paid for out of one budget. What cannot be paid for is
 * dropped, and its request refused once it is its turn.
 */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final HeadScan scan = new HeadScan();
  private final PaidFields.Source heads;
  private final PaidFields.Source trailers;
  private final SharedBudget.Payment undecoded;
  private @Nullable ChannelHandlerContext context;
  private @Nullable FailureException refusal;
  private boolean isInHead = true;
  private boolean isPaused;
  private boolean isDecoding;
  private boolean isRefusalTold;

  /** A decoder whose heads, trailers and bytes in advance are paid for by {@code payments}. */
  RequestDecoder(Supplier<SharedBudget.Payment> payments) {
    this(
        new PaidFields.Source(payments, DefaultHttpHeadersFactory.headersFactory()),
        new PaidFields.Source(payments, DefaultHttpHeadersFactory.trailersFactory()),
        payments.get());
  }

  private RequestDecoder(
      PaidFields.Source heads, PaidFields.Source trailers, SharedBudget.Payment undecoded) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(SocketOptions.READ_BYTES)
            .setHeadersFactory(heads)
            .setTrailersFactory(trailers)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.heads = heads;
    this.trailers = trailers;
    this.undecoded = undecoded;
  }

  /** Hands over what the head of the request that was decoded last has cost. */
  SharedBudget.Payment takeHeadPayment() {
    return heads.takePayment();
  }

  /** Whether something was sent in advance of what is decoded. */
  boolean isHolding() {
    return actualReadableBytes() > 0;
  }

  /**
   * Goes on with the next request.
   *
   * @return false if the decoder is further up this very call stack, and goes on by itself once
   *     this has returned
   */
  boolean proceed() throws Exception {
    isPaused = false;
    ChannelHandlerContext own = context;
    if (isDecoding || own == null) {
      return false;
    }
    if (isHolding()) {
      channelRead(own, Unpooled.EMPTY_BUFFER);
    }
    return true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    isDecoding = true;
    try {
      super.channelRead(ctx, message);
    } finally {
      isDecoding = false;
    }
  }

  /** Netty would read on by itself where nothing was decoded. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (isPaused) {
      ctx.fireChannelReadComplete();
    } else {
      super.channelReadComplete(ctx);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    heads.release();
    trailers.release();
    undecoded.close();
    super.handlerRemoved0(ctx);
  }

  /** Netty takes whole lines of a head, and returns at its end at the latest. */
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!isPaused && refusal == null) {
      decodeNext(ctx, in, out);
    }
    payForUndecoded(in);
    FailureException failure = refusal;
    if (failure != null) {
      refuse(ctx, in, out, failure);
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    HttpMessage message = super.createMessage(initialLine);
    if (message.headers() instanceof PaidFields fields) {
      for (String word : initialLine) {
        fields.pay(word.length());
      }
    }
    return message;
  }

  /** Netty would let Transfer-Encoding win; such a request smells of smuggling (RFC 9112, 6.1). */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException(
        "Content-Length and Transfer-Encoding cannot both frame the body");
  }

  private void decodeNext(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    int from = in.readerIndex();
    int before = out.size();
    super.decode(ctx, in, out);
    if (isInHead) {
      scan.take(in, from, in.readerIndex());
    }
    for (Object message : out.subList(before, out.size())) {
      if (message instanceof HttpRequest request) {
        judge(request);
        isInHead = false;
      }
      if (message instanceof LastHttpContent last) {
        isInHead = true;
        isPaused = last.decoderResult().isSuccess(); // Netty drops what follows a broken body.
        trailers.release();
      }
    }
  }

  private void payForUndecoded(ByteBuf in) {
    try {
      undecoded.payExactly(isInHead && refusal == null ? in.readableBytes() : 0);
    } catch (FailureException e) {
      refusal = e;
    }
  }

  /**
   * Drops all bytes; but one as long as an earlier request is unanswered, so that {@link #proceed}
   * comes back here.
   */
  private void refuse(
      ChannelHandlerContext ctx, ByteBuf in, List<Object> out, FailureException failure)
      throws Exception {
    undecoded.close();
    if (isPaused) {
      in.skipBytes(in.readableBytes() - 1);
      return;
    }
    in.skipBytes(in.readableBytes());
    if (!isRefusalTold) {
      isRefusalTold = true;
      reset();
      super.decode(ctx, Unpooled.EMPTY_BUFFER, out); // Lets go of half a head.
      heads.release();
      HttpMessage refused = createInvalidMessage();
      refused.setDecoderResult(DecoderResult.failure(new RefusedHead(failure)));
      out.add(refused);
    }
  }

  private void judge(HttpRequest request) {
    String flaw = scan.flaw();
    if (flaw != null && request.decoderResult().isSuccess()) {
      request.setDecoderResult(
          DecoderResult.failure(new RefusedHead(RequestFailure.MALFORMED_REQUEST.because(flaw))));
    }
    scan.reset();
  }
}
