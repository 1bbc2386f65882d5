package io.flocker.http.server;

import io.flocker.http.net.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Netty's decoder with our limits, and strict where a second reader could read otherwise. */
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final HeadScan scan = new HeadScan();
  private boolean isInHead = true;

  RequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(SocketOptions.READ_BYTES)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  /** Netty takes whole lines of a head, and returns at its end at the latest. */
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
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
      if (message instanceof LastHttpContent) {
        isInHead = true;
      }
    }
  }

  /** Netty would let Transfer-Encoding win; such a request smells of smuggling (RFC 9112, 6.1). */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException(
        "Content-Length and Transfer-Encoding cannot both frame the body");
  }

  private void judge(HttpRequest request) {
    String flaw = scan.flaw();
    if (flaw != null && request.decoderResult().isSuccess()) {
      request.setDecoderResult(DecoderResult.failure(new HeadScan.Flaw(flaw)));
    }
    scan.reset();
  }
}
