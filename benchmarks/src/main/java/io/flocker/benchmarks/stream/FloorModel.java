package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.os.Descriptors;
import io.flocker.core.os.Pipe;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The least that a relay in user space with TLS can cost: what its system calls and its cipher cost
 * when nothing is done beside them and nobody waits for anybody. CPU-seconds for each GB.
 *
 * @param zeros what the source spends on making zeros
 * @param pipeWrite into a pipe of 1 MiB, 128 KiB at once
 * @param pipeRead out of it
 * @param socketWrite into a loopback socket
 * @param socketRead out of it
 * @param seal AES-128-GCM in records of 16 KiB, by OpenSSL
 * @param open the same back
 */
record FloorModel(
    double zeros,
    double pipeWrite,
    double pipeRead,
    double socketWrite,
    double socketRead,
    double seal,
    double open) {
  private static final double GB = 1e9;
  private static final double NANOS = 1e9;
  private static final int BLOCK = Load.BLOCK_BYTES;
  private static final int PIPE = 1 << 20;

  /** Measures the parts. */
  static FloorModel measure(long bytes) throws Exception {
    double[] pipe = pipe(bytes);
    double[] socket = socket(bytes);
    return new FloorModel(
        zeros(bytes),
        pipe[0],
        pipe[1],
        socket[0],
        socket[1],
        cipher("-evp", "aes-128-gcm"),
        cipher("-decrypt", "-evp", "aes-128-gcm"));
  }

  /** The whole path: both children, both agents. */
  double machine() {
    return source() + sender() + receiver() + sink();
  }

  double source() {
    return zeros + pipeWrite;
  }

  double sender() {
    return pipeRead + seal + socketWrite;
  }

  double receiver() {
    return socketRead + open + pipeWrite;
  }

  double sink() {
    return pipeRead;
  }

  /** GB/s that {@code cores} can do, of one stream: each process is a thread. */
  double gigabytesPerSecond(int cores, int streams) {
    double slowest = Math.max(Math.max(source(), sink()), Math.max(sender(), receiver()));
    return Math.min(cores / machine(), streams / slowest);
  }

  Map<String, Double> parts() {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("zeros", zeros);
    parts.put("pipeWrite", pipeWrite);
    parts.put("pipeRead", pipeRead);
    parts.put("socketWrite", socketWrite);
    parts.put("socketRead", socketRead);
    parts.put("seal", seal);
    parts.put("open", open);
    return parts;
  }

  private static double[] pipe(long bytes) throws IOException {
    try (Pipe pipe = Pipe.fromChild(PIPE)) {
      int end = pipe.take();
      // Opened anew, so that both ends block.
      try (FileChannel in = FileChannel.open(Path.of("/proc/self/fd/" + end));
          FileChannel out = FileChannel.open(pipe.childEnd().toPath(), StandardOpenOption.WRITE)) {
        Descriptors.close(end);
        pipe.closeChildEnd();
        return move(out, in, bytes);
      }
    }
  }

  private static double[] socket(long bytes) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel out = SocketChannel.open(listener.getLocalAddress());
          SocketChannel in = listener.accept()) {
        return move(out, in, bytes);
      }
    }
  }

  /**
   * By turns on one thread, so that nobody waits and the caches are warm: what each side costs at
   * the very least.
   */
  private static double[] move(WritableByteChannel out, ReadableByteChannel in, long bytes)
      throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    long writing = 0;
    long reading = 0;
    for (long moved = 0; moved < bytes; moved += BLOCK) {
      long begun = threads.getCurrentThreadCpuTime();
      writeAll(out, block.clear());
      long written = threads.getCurrentThreadCpuTime();
      readAll(in, block.clear());
      writing += written - begun;
      reading += threads.getCurrentThreadCpuTime() - written;
    }
    return new double[] {writing / NANOS / (bytes / GB), reading / NANOS / (bytes / GB)};
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
  private static double zeros(long bytes) throws IOException, InterruptedException {
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
