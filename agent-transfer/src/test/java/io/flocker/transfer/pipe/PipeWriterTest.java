package io.flocker.transfer.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PipeWriterTest {
  private static final int MORE_THAN_A_PIPE = 1 << 20;
  private static final int PIPE = 1 << 16; // pipe(7)
  private static final int MARKED = PIPE + PIPE / 2;
  private static final int ROUNDS = 50;
  private static final String DRAINED = "drained";
  private static final String BROKEN = "broken";

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ByteBuffer seen = ByteBuffer.allocateDirect(2 * MORE_THAN_A_PIPE);
  private final CompletableFuture<?> readerEnd = new CompletableFuture<>();
  private FileDescriptor theirs;
  private PipeWriter writer;

  @BeforeEach
  void open() throws Exception {
    FileDescriptor[] ends = FileDescriptor.pipe();
    theirs = ends[0];
    writer =
        loop.call(() ->
            PipeWriter.open(loop.loop(), ends[1].intValue(), allocator, new Recorder(), readerEnd));
  }

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    writer.close();
    loop.settle();
    theirs.close();
    readerEnd.complete(null);
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  @Test
  void writesWhatWasQueuedInItsOrder() throws Exception {
    loop.run(() -> {
      writer.write(direct("one "));
      writer.write(direct("two "));
      writer.write(direct("three"));
      writer.flush();
      assertTrue(writer.isDrained());
    });
    assertEquals("one two three", read());
    assertNull(events.poll());
  }

  @Test
  void writesNothingBeforeItIsFlushed() throws Exception {
    loop.run(() -> writer.write(direct("later")));
    assertEquals("", read());
    loop.run(writer::flush);
    assertEquals("later", read());
  }

  @Test
  void waitsForASlowReaderAndSaysOnceWhenItHasCaughtUp() throws Exception {
    loop.run(() -> {
      writer.write(allocator.directBuffer().writeZero(MORE_THAN_A_PIPE));
      writer.write(direct("!"));
      writer.flush();
      assertFalse(writer.isDrained());
    });
    int count = 0;
    while (events.peek() == null || count <= MORE_THAN_A_PIPE) {
      count += Math.max(0, readInto());
    }
    assertEquals(MORE_THAN_A_PIPE + 1, count);
    assertEquals(DRAINED, next());
    assertNull(events.poll());
  }

  @Test
  void bytesOnTheHeapArriveToo() throws Exception {
    loop.run(() -> {
      writer.write(Unpooled.copiedBuffer("heap", StandardCharsets.US_ASCII));
      writer.flush();
    });
    assertEquals("heap", read());
  }

  @Test
  void buffersOfManyPartsArriveToo() throws Exception {
    loop.run(() -> {
      writer.write(Unpooled.wrappedBuffer(direct("many "), direct("parts")));
      writer.flush();
    });
    assertEquals("many parts", read());
  }

  @Test
  void whatIsLentStaysUntilItHasBeenRead() throws Exception {
    int length = PIPE + PIPE / 4;
    loop.run(() -> {
      writer.write(allocator.directBuffer(length).writeZero(length));
      writer.flush();
    });
    int count = theirs.read(seen, 0, PIPE / 2);
    assertEquals(DRAINED, next());
    loop.run(writer::flush);
    assertEquals(length, allocator.metric().usedDirectMemory(), "a part is still to be read");
    while (count < length) {
      count += readInto();
    }
    loop.run(writer::flush);
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  @Test
  void whatIsLentOutlivesTheWriterUntilTheReaderHasEnded() throws Exception {
    String much = "0123456789abcdef".repeat(PIPE >> 4);
    loop.run(() -> {
      writer.write(direct(much));
      writer.flush();
      writer.close();
    });
    loop.settle();
    String seenOfIt = read();
    assertTrue(!seenOfIt.isEmpty() && much.startsWith(seenOfIt));
    assertTrue(allocator.metric().usedDirectMemory() > 0, "who knows whether all has been read");
    readerEnd.complete(null);
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  @Test
  void fewBytesAreCopiedAndGivenBackAtOnce() throws Exception {
    loop.run(() -> {
      writer.write(direct("few"));
      writer.flush();
    });
    assertEquals(0, allocator.metric().usedDirectMemory());
    assertEquals("few", read());
  }

  @Test
  void whereNothingCanBeLentItIsCopied() throws Exception {
    Socket listener = Socket.newSocketStream();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.listen(1);
    Socket ours = Socket.newSocketStream();
    ours.connect(listener.localAddress());
    FileDescriptor peer = new FileDescriptor(listener.accept(new byte[32]));
    listener.close();
    // vmsplice(2) refuses a socket, as a sandbox may refuse it every pipe.
    PipeWriter copying =
        loop.call(() ->
            PipeWriter.open(loop.loop(), ours.intValue(), allocator, new Recorder(), readerEnd));
    loop.run(() -> {
      copying.write(allocator.directBuffer(PIPE).writeZero(PIPE));
      copying.flush();
    });
    int count = 0;
    while (count < PIPE) {
      count += Math.max(0, peer.read(seen, 0, PIPE));
    }
    loop.run(copying::close);
    peer.close();
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  @Test
  void aPoolHandsABufferOnOnlyOnceItsBytesHaveBeenRead() throws Exception {
    PooledByteBufAllocator pool = new PooledByteBufAllocator(true);
    long read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int mark = round;
      loop.run(() -> {
        ByteBuf bytes = pool.directBuffer(MARKED, MARKED);
        while (bytes.isWritable()) {
          bytes.writeLong(mark);
        }
        writer.write(bytes);
        writer.flush();
      });
      read += readMarks(read);
    }
    while (read < (long) ROUNDS * MARKED) {
      read += readMarks(read);
    }
  }

  @Test
  @DisplayName("B10 a reader that closes its end is told apart from a failure")
  void aReaderThatLeavesBreaksThePipe() throws Exception {
    loop.run(() -> {
      writer.write(allocator.directBuffer().writeZero(MORE_THAN_A_PIPE));
      writer.flush();
    });
    theirs.close();
    assertEquals(BROKEN, next());
    loop.run(() -> {
      writer.write(direct("too late"));
      writer.flush();
    });
    assertNull(events.poll());
  }

  @Test
  void aReaderThatLeavesIsNoticedWhileNothingIsWritten() throws Exception {
    theirs.close();
    assertEquals(BROKEN, next());
  }

  @Test
  @DisplayName("B07 closing drops what is queued, twice does no harm, and the reader sees the end")
  void closesOnce() throws Exception {
    loop.run(() -> writer.write(direct("never flushed")));
    writer.close();
    writer.close();
    loop.settle();
    assertEquals(-1, readInto());
    assertNull(events.poll());
  }

  /** Reads what is there; every byte tells the round in which it was written. */
  private int readMarks(long position) throws IOException {
    int count = Math.max(0, theirs.read(seen, 0, PIPE / 4)); // the pipe is never empty
    for (int i = 0; i < count; i += Long.BYTES) {
      assertEquals((position + i) / MARKED, seen.getLong(i), "at " + (position + i));
    }
    return count;
  }

  private ByteBuf direct(String text) {
    return allocator.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private int readInto() throws IOException {
    return theirs.read(seen, 0, seen.capacity());
  }

  private String read() throws IOException {
    int count = Math.max(0, readInto());
    byte[] bytes = new byte[count];
    seen.get(0, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private String next() throws InterruptedException {
    return String.valueOf(events.poll(30, TimeUnit.SECONDS));
  }

  private final class Recorder implements PipeWriter.Listener {
    @Override
    public void drained() {
      events.add(DRAINED);
    }

    @Override
    public void broken() {
      events.add(BROKEN);
    }

    @Override
    public void failed(IOException cause) {
      events.add("failed: " + cause.getMessage());
    }
  }
}
