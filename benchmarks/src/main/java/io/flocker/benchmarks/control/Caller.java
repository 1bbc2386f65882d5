package io.flocker.benchmarks.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.core.pki.Credentials;
import io.flocker.http.net.EventLoops;
import io.flocker.http.net.SocketOptions;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks one question over many connections, on each again as soon as the answer is whole. On one
 * event loop, and cheap: it reads no more of an answer than its status and its length.
 */
final class Caller implements AutoCloseable {
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);

  private final EventLoops loops = EventLoops.start(1);
  private final TlsContexts tls;

  Caller(Credentials credentials) throws Exception {
    tls = TlsContexts.of(TlsSettings.defaults(), credentials);
  }

  /** Asks for that long; opening the connections is not counted. */
  Answers ask(Question question, int port, int connections, long nanos) throws Exception {
    List<Asker> askers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      askers.add(connect(question, port));
    }
    for (Asker asker : askers) {
      asker.awaitConnected();
    }
    long begun = System.nanoTime();
    askers.forEach(asker -> asker.begin(begun + nanos));
    for (Asker asker : askers) {
      asker.awaitEnd();
    }
    long took = System.nanoTime() - begun;
    long[] all = askers.stream().flatMapToLong(asker -> Arrays.stream(asker.nanos())).toArray();
    Arrays.sort(all);
    return new Answers(all, took);
  }

  /** Asks once, and tells the answer's body. */
  byte[] askOnce(Question question, int port) throws Exception {
    Asker asker = connect(question, port);
    asker.awaitConnected();
    asker.begin(System.nanoTime());
    asker.awaitEnd();
    return asker.lastBody();
  }

  @Override
  public void close() {
    loops.close();
    tls.close();
  }

  private Asker connect(Question question, int port) {
    Asker asker = new Asker(question);
    SocketOptions.applyTo(new Bootstrap())
        .group(loops.group())
        .channel(EpollSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.config().setAutoRead(true);
                channel
                    .pipeline()
                    .addLast(tls.clientHandler(channel.alloc(), "127.0.0.1", port), asker);
              }
            })
        .connect("127.0.0.1", port)
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            asker.fail(connected.cause());
          }
        });
    return asker;
  }

  /** One connection. */
  private static final class Asker extends ChannelInboundHandlerAdapter {
    private final Question question;
    private final ByteBuf request;
    private final CompletableFuture<ChannelHandlerContext> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ByteBuf head = Unpooled.buffer(1024);
    private byte[] body = {};
    private long[] nanos = new long[4096];
    private int answers;
    private long missing = -1;
    private long asked;
    private long deadline;
    private boolean keepsBody;

    Asker(Question question) {
      this.question = question;
      this.request =
          Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(question.request(), US_ASCII));
    }

    void awaitConnected() throws InterruptedException, ExecutionException {
      var _ = connected.get();
    }

    void begin(long until) {
      ChannelHandlerContext ctx = connected.join();
      ctx.executor()
          .execute(() -> {
            deadline = until;
            keepsBody = until <= System.nanoTime();
            ask(ctx);
          });
    }

    void awaitEnd() throws InterruptedException, ExecutionException {
      var _ = end.get();
    }

    long[] nanos() {
      return Arrays.copyOf(nanos, answers);
    }

    byte[] lastBody() {
      return body;
    }

    void fail(Throwable cause) {
      var _ = connected.completeExceptionally(cause);
      var _ = end.completeExceptionally(cause);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.pipeline()
          .get(SslHandler.class)
          .handshakeFuture()
          .addListener(shaken -> {
            if (shaken.isSuccess()) {
              var _ = connected.complete(ctx);
            } else {
              fail(shaken.cause());
            }
          });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
      ByteBuf bytes = (ByteBuf) message;
      try {
        while (bytes.isReadable()) {
          take(ctx, bytes);
        }
      } finally {
        bytes.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(new IOException("the server ended the connection after " + answers + " answers"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
      var _ = ctx.close();
    }

    private void take(ChannelHandlerContext ctx, ByteBuf bytes) throws IOException {
      if (missing < 0) {
        takeHead(bytes);
      }
      if (missing >= 0) {
        int part = (int) Math.min(missing, bytes.readableBytes());
        if (keepsBody) {
          bytes.getBytes(bytes.readerIndex(), body, body.length - (int) missing, part);
        }
        bytes.skipBytes(part);
        missing -= part;
        if (missing == 0) {
          answered(ctx);
        }
      }
    }

    private void takeHead(ByteBuf bytes) throws IOException {
      int before = head.readableBytes();
      head.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
      int at = indexOf(head, Math.max(0, before - END_OF_HEAD.length));
      if (at < 0) {
        bytes.skipBytes(bytes.readableBytes());
        return;
      }
      bytes.skipBytes(at + END_OF_HEAD.length - before);
      String text = head.toString(0, at + 2, US_ASCII);
      if (!text.startsWith("HTTP/1.1 " + question.status())) {
        throw new IOException("not " + question.status() + " but " + text);
      }
      missing = length(text);
      if (keepsBody) {
        body = new byte[(int) missing];
      }
      head.clear();
    }

    private void answered(ChannelHandlerContext ctx) {
      long now = System.nanoTime();
      if (answers == nanos.length) {
        nanos = Arrays.copyOf(nanos, answers * 2);
      }
      nanos[answers++] = now - asked;
      missing = -1;
      if (now < deadline) {
        ask(ctx);
      } else {
        var _ = end.complete(null);
        var _ = ctx.close();
      }
    }

    private void ask(ChannelHandlerContext ctx) {
      asked = System.nanoTime();
      var _ = ctx.writeAndFlush(request.duplicate());
    }

    private static int indexOf(ByteBuf bytes, int from) {
      for (int i = from; i + END_OF_HEAD.length <= bytes.writerIndex(); i++) {
        if (bytes.getByte(i) == '\r'
            && bytes.getByte(i + 1) == '\n'
            && bytes.getByte(i + 2) == '\r'
            && bytes.getByte(i + 3) == '\n') {
          return i;
        }
      }
      return -1;
    }

    private static long length(String head) throws IOException {
      String name = "\r\ncontent-length:";
      int at = head.toLowerCase(Locale.ROOT).indexOf(name);
      if (at < 0) {
        throw new IOException("an answer without a length: " + head);
      }
      int from = at + name.length();
      return Long.parseLong(head.substring(from, head.indexOf('\r', from)).strip());
    }
  }
}
