package io.flocker.benchmarks;

import io.flocker.http.net.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What HTTP's chunks cost: one chunk framed, and taken out of its frame again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkCodingBenchmark {
  /** Bytes of one chunk: a TLS record's worth, and what one read of a pipe brings. */
  @Param({"16384", "262144"})
  private int chunkBytes;

  private final EmbeddedChannel sender = new EmbeddedChannel(new HttpRequestEncoder());
  private final EmbeddedChannel receiver = new EmbeddedChannel(new HttpRequestDecoder());
  private ByteBuf body = Buffers.pool().directBuffer();

  /** Sends the head. */
  @Setup
  public void begin() {
    body.writeZero(chunkBytes);
    DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/body");
    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    sender.writeOutbound(head);
    carry();
    ReferenceCountUtil.release(receiver.readInbound());
  }

  /** From body to body. */
  @Benchmark
  public int encodeAndDecode() {
    sender.writeOutbound(new DefaultHttpContent(body.retainedDuplicate()));
    carry();
    int bytes = 0;
    for (Object part = receiver.readInbound(); part != null; part = receiver.readInbound()) {
      bytes += ((HttpContent) part).content().readableBytes();
      ReferenceCountUtil.release(part);
    }
    return bytes;
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    body.release();
    sender.finishAndReleaseAll();
    receiver.finishAndReleaseAll();
  }

  private void carry() {
    for (ByteBuf bytes = sender.readOutbound(); bytes != null; bytes = sender.readOutbound()) {
      receiver.writeInbound(bytes);
    }
  }
}
