package io.flocker.transfer.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PipeWriterTest {
  private static final int MORE_THAN_A_PIPE = 1 << 20;
  private static final String DRAINED = "drained";
  private static final String BROKEN = "broken";

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ByteBuffer seen = ByteBuffer.allocateDirect(2 * MORE_THAN_A_PIPE);
  private FileDescriptor theirs;
  private PipeWriter writer;

  @BeforeEach
  void open() throws Exception {
    FileDescriptor[] ends = FileDescriptor.pipe();
    theirs = ends[0];
    writer =
        loop.call(
            () -> PipeWriter.open(loop.loop(), ends[1].intValue(), allocator, new Recorder()));
  }

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    writer.close();
    loop.settle();
    assertEquals(0, allocator.metric().usedDirectMemory());
    theirs.close();
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
