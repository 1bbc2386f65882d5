package io.flocker.benchmarks;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.net.Buffers;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.flocker.http.tls.TlsVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/**
 * What it costs to seal 256 KiB into TLS records and to open them again, by our own contexts and
 * Netty's handlers, without sockets.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TlsRecordBenchmark {
  private static final int CHUNK = 256 << 10;

  /** What computes TLS. */
  @Param({"BORINGSSL", "JDK"})
  private TlsEngine engine = TlsEngine.BORINGSSL;

  private @Nullable TlsContexts contexts;
  private EmbeddedChannel client = new EmbeddedChannel();
  private EmbeddedChannel server = new EmbeddedChannel();
  private ByteBuf plain = Buffers.pool().directBuffer(CHUNK);

  /** Shakes hands. */
  @Setup
  public void connect() throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("benchmark", KeyAlgorithm.EC);
    contexts =
        TlsContexts.of(
            new TlsSettings(engine, TlsVersion.TLS_1_3, Duration.ofSeconds(10)),
            authority.issueNode(NodeId.random(), List.of("localhost")));
    server = new EmbeddedChannel(contexts.serverHandler(Buffers.pool()));
    client = new EmbeddedChannel(contexts.clientHandler(Buffers.pool(), "localhost", 1));
    for (int flight = 0; flight < 8; flight++) {
      carry(client, server);
      carry(server, client);
      client.runPendingTasks();
      server.runPendingTasks();
    }
    plain.writeZero(CHUNK);
  }

  /** From plain bytes to plain bytes. */
  @Benchmark
  public int sealAndOpen() {
    client.writeOutbound(plain.retainedDuplicate());
    carry(client, server);
    int bytes = 0;
    for (ByteBuf opened = server.readInbound(); opened != null; opened = server.readInbound()) {
      bytes += opened.readableBytes();
      opened.release();
    }
    return bytes;
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    plain.release();
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
    if (contexts != null) {
      contexts.close();
    }
  }

  private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
    for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      to.writeInbound(bytes);
    }
  }
}
