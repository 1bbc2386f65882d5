package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.benchmarks.TlsPair;
import io.flocker.core.os.Descriptors;
import io.flocker.core.os.PageLender;
import io.flocker.core.os.Pipe;
import io.flocker.http.net.Buffers;
import io.flocker.http.tls.TlsEngine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IovArray;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the parts of a {@link FloorModel}: each by itself on one thread, so that nobody waits
 * and the caches are warm.
 */
final class FloorMeter {
  private static final double GB = 1e9;
  private static final double NANOS = 1e9;
  private static final int BLOCK = Load.BLOCK_BYTES;
  private static final int PIPE = 1 << 20;

  private final long bytes;

  /**
   * Measures.
   *
   * @param bytes how many go through each part
   */
  FloorMeter(long bytes) {
    this.bytes = bytes;
  }

  /** A relay that copies into every pipe, and has the cipher that its rivals have: OpenSSL's. */
  FloorModel copying() throws Exception {
    Cost pipe = pipe();
    Cost socket = socket();
    return new FloorModel(
        zeros(),
        pipe.out,
        pipe.in,
        socket.out,
        socket.in,
        cipher("-evp", "aes-128-gcm"),
        cipher("-decrypt", "-evp", "aes-128-gcm"),
        pipe.out,
        pipe.in);
  }

  /**
   * The same relay with what flockerd has: pages that are lent to the sink, and BoringSSL's cipher,
   * the copies of its buffers included.
   */
  FloorModel lending(FloorModel copying) throws Exception {
    Cost loans = loans();
    Cost records = records();
    return new FloorModel(
        copying.zeros(),
        copying.pipeWrite(),
        copying.pipeRead(),
        copying.socketWrite(),
        copying.socketRead(),
        records.out,
        records.in,
        loans.out,
        loans.in);
  }

  /** CPU-seconds for each GB. */
  private record Cost(double out, double in) {}

  private interface Step {
    void run() throws IOException;
  }

  private Cost pipe() throws IOException {
    try (Pipe pipe = Pipe.fromChild(PIPE)) {
      int end = pipe.take();
      // Opened anew, so that both ends block.
      try (FileChannel in = FileChannel.open(Path.of("/proc/self/fd/" + end));
          FileChannel out = FileChannel.open(pipe.childEnd().toPath(), StandardOpenOption.WRITE)) {
        Descriptors.close(end);
        pipe.closeChildEnd();
        return move(out, in);
      }
    }
  }

  private Cost socket() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel out = SocketChannel.open(listener.getLocalAddress());
          SocketChannel in = listener.accept()) {
        return move(out, in);
      }
    }
  }

  private Cost loans() throws IOException {
    Epoll.ensureAvailability(); // its library has the constants of IovArray
    ByteBuf lent = Buffers.pool().directBuffer(BLOCK).writeZero(BLOCK);
    IovArray vector = new IovArray(1);
    try (Pipe pipe = Pipe.toChild(PIPE);
        FileChannel in = FileChannel.open(pipe.childEnd().toPath())) {
      boolean _ = vector.add(lent, 0, BLOCK);
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      int end = pipe.take();
      try {
        PageLender lender = new PageLender(end);
        return byTurns(() -> lendAll(lender, vector), () -> readAll(in, block.clear()));
      } finally {
        Descriptors.close(end);
      }
    } finally {
      vector.release();
      lent.release();
    }
  }

  private Cost records() throws Exception {
    ByteBuf plain = Buffers.pool().directBuffer(BLOCK).writeZero(BLOCK);
    List<ByteBuf> sealed = new ArrayList<>();
    try (TlsPair pair = new TlsPair(TlsEngine.AUTO)) {
      return byTurns(
          () -> sealed.addAll(pair.seal(plain.retainedDuplicate())),
          () -> {
            int _ = pair.open(sealed);
            sealed.clear();
          });
    } finally {
      plain.release();
    }
  }

  private Cost move(WritableByteChannel out, ReadableByteChannel in) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    return byTurns(() -> writeAll(out, block.clear()), () -> readAll(in, block.clear()));
  }

  private Cost byTurns(Step out, Step in) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sending = 0;
    long taking = 0;
    // The first quarter compiles.
    for (long moved = -bytes / 3; moved < bytes; moved += BLOCK) {
      long begun = threads.getCurrentThreadCpuTime();
      out.run();
      long sent = threads.getCurrentThreadCpuTime();
      in.run();
      if (moved >= 0) {
        sending += sent - begun;
        taking += threads.getCurrentThreadCpuTime() - sent;
      }
    }
    return new Cost(sending / NANOS / (bytes / GB), taking / NANOS / (bytes / GB));
  }

  private static void lendAll(PageLender lender, IovArray vector) throws IOException {
    long lent = lender.lend(vector.memoryAddress(0), vector.count());
    if (lent != BLOCK) {
      throw new IOException("an empty pipe of 1 MiB took " + lent + " bytes");
    }
  }

  private static void writeAll(WritableByteChannel out, ByteBuffer block) throws IOException {
    while (block.hasRemaining()) {
      int _ = out.write(block);
    }
  }

  private static void readAll(ReadableByteChannel in, ByteBuffer block) throws IOException {
    while (block.hasRemaining()) {
      int _ = in.read(block);
    }
  }

  /** What dd spends on reading zeros when it throws them away. */
  private double zeros() throws IOException, InterruptedException {
    double before = ProcessFigures.children(ProcessHandle.current().pid());
    int status =
        new ProcessBuilder(
                "dd",
                "if=/dev/zero",
                "of=/dev/null",
                "bs=" + BLOCK,
                "status=none",
                "count=" + bytes / BLOCK)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("dd ended with " + status);
    }
    double after = ProcessFigures.children(ProcessHandle.current().pid());
    return (after - before) / (bytes / GB);
  }

  /** By CPU time, which {@code openssl speed} measures by unless told otherwise. */
  private static double cipher(String... choice) throws IOException, InterruptedException {
    ProcessBuilder speed =
        new ProcessBuilder("openssl", "speed", "-seconds", "1", "-bytes", "16384", "-mr");
    speed.command().addAll(List.of(choice));
    Process process = speed.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int _ = process.waitFor();
    // +F:<n>:<cipher>:<bytes a second>
    return said.lines()
        .filter(line -> line.startsWith("+F:"))
        .mapToDouble(line -> GB / Double.parseDouble(line.substring(line.lastIndexOf(':') + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("openssl speed said: " + said));
  }
}
