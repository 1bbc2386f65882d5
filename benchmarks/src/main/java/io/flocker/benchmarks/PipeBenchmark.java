package io.flocker.benchmarks;

import io.flocker.core.os.Pipe;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
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

/** What it costs to put bytes into a child's pipe and to take them out, as both ends do it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipeBenchmark {
  private static final int PIPE = 1 << 20;

  /** Bytes of one write and one read. */
  @Param({"16384", "65536", "262144"})
  private int bytes;

  private @Nullable FileDescriptor in;
  private @Nullable FileChannel out;
  private ByteBuffer block = ByteBuffer.allocateDirect(0);

  /** Makes the pipe. */
  @Setup
  public void open() throws IOException {
    Epoll.ensureAvailability();
    Pipe pipe = Pipe.fromChild(PIPE);
    out = FileChannel.open(pipe.childEnd().toPath(), StandardOpenOption.WRITE);
    in = new FileDescriptor(pipe.take());
    pipe.closeChildEnd();
    block = ByteBuffer.allocateDirect(bytes);
  }

  /** By turns on one thread. */
  @Benchmark
  public int writeAndRead() throws IOException {
    FileChannel to = out;
    FileDescriptor from = in;
    if (to == null || from == null) {
      throw new IllegalStateException("not open");
    }
    int _ = to.write(block.clear());
    return from.read(block, 0, bytes);
  }

  /** Closes both ends. */
  @TearDown
  public void close() throws IOException {
    if (out != null && in != null) {
      out.close();
      in.close();
    }
  }
}
