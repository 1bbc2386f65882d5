package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A long link on one machine: passes on what comes half a round trip later, and no faster than it
 * is told. TCP itself sees the loopback only; what a round trip costs the protocol above it shows.
 */
final class DelayRelay implements AutoCloseable {
  private static final int BLOCK = 64 << 10;
  private static final double NANOS = 1e9;

  private record Piece(ByteBuffer bytes, long dueNanos) {}

  private final ServerSocket listener;
  private final int target;
  private final long delayNanos;
  private final double bytesPerNano;
  private final int blocksInFlight;

  /**
   * Begins to listen.
   *
   * @param target port of the far end
   * @param roundTripMillis there and back
   * @param bytesPerSecond in each direction
   */
  DelayRelay(int target, long roundTripMillis, long bytesPerSecond) throws IOException {
    this.target = target;
    this.delayNanos = TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2;
    this.bytesPerNano = bytesPerSecond / NANOS;
    // A window of one round trip, as a host that is tuned for the link would have.
    this.blocksInFlight =
        Math.toIntExact(bytesPerSecond * roundTripMillis / TimeUnit.SECONDS.toMillis(1) / BLOCK)
            + 1;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() throws Exception {
    while (!listener.isClosed()) {
      Socket near = listener.accept();
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      join(near, far);
      join(far, near);
    }
  }

  private void join(Socket from, Socket to) {
    BlockingQueue<Piece> link = new ArrayBlockingQueue<>(blocksInFlight);
    daemon(() -> take(from.getInputStream(), link));
    daemon(() -> {
      give(link, to.getOutputStream());
      to.shutdownOutput();
    });
  }

  private void take(InputStream in, BlockingQueue<Piece> link) throws Exception {
    byte[] block = new byte[BLOCK];
    long freeNanos = System.nanoTime();
    int count = in.read(block);
    while (count > 0) {
      freeNanos = Math.max(freeNanos, System.nanoTime()) + (long) (count / bytesPerNano);
      TimeUnit.NANOSECONDS.sleep(freeNanos - System.nanoTime());
      link.put(new Piece(ByteBuffer.wrap(Arrays.copyOf(block, count)), freeNanos + delayNanos));
      count = in.read(block);
    }
    link.put(new Piece(ByteBuffer.allocate(0), freeNanos + delayNanos));
  }

  private static void give(BlockingQueue<Piece> link, OutputStream out) throws Exception {
    Piece piece = link.take();
    while (piece.bytes().hasRemaining()) {
      TimeUnit.NANOSECONDS.sleep(piece.dueNanos() - System.nanoTime());
      out.write(piece.bytes().array());
      piece = link.take();
    }
  }

  /** Whatever a side does when its connection ends, the stream's own errors tell of it. */
  private static void daemon(Work work) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            work.run();
          } catch (Exception _) {
            // The connection or the relay has ended.
          }
        });
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }
}
