package io.flocker.benchmarks;

import io.flocker.http.net.Buffers;
import io.flocker.http.tls.TlsEngine;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
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

  private final ByteBuf plain = Buffers.pool().directBuffer(CHUNK).writeZero(CHUNK);
  private @Nullable TlsPair pair;

  /** Shakes hands. */
  @Setup
  public void connect() throws Exception {
    pair = new TlsPair(engine);
  }

  /** From plain bytes to plain bytes. */
  @Benchmark
  public int sealAndOpen() {
    TlsPair both = Objects.requireNonNull(pair);
    return both.open(both.seal(plain.retainedDuplicate()));
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    plain.release();
    if (pair != null) {
      pair.close();
    }
  }
}
