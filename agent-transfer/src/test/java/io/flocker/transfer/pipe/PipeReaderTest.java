package io.flocker.transfer.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PipeReaderTest {
  private static final int READ_BYTES = 4096;
  private static final String ENDED = "ended";

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private FileDescriptor ours;
  private FileDescriptor theirs;
  private PipeReader reader;
  private boolean pauseAtBytes;

  @BeforeEach
  void open() throws Exception {
    FileDescriptor[] ends = FileDescriptor.pipe();
    ours = ends[0];
    theirs = ends[1];
    reader =
        loop.call(() ->
            PipeReader.open(loop.loop(), ours.intValue(), allocator, READ_BYTES, new Recorder()));
  }

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    reader.close();
    loop.settle();
    assertEquals(0, allocator.metric().usedDirectMemory());
    theirs.close();
  }

  @Test
  void bringsEveryByteAndThenTheEnd() throws Exception {
    loop.run(reader::resume);
    write("one");
    assertEquals("one", next());
    write("two");
    assertEquals("two", next());
    theirs.close();
    assertEquals(ENDED, next());
  }

  @Test
  void bringsWhatWasWrittenBeforeTheOtherEndClosed() throws Exception {
    write("all there is");
    theirs.close();
    loop.run(reader::resume);
    assertEquals("all there is", next());
    assertEquals(ENDED, next());
  }

  @Test
  void leavesTheBytesInThePipeWhilePaused() throws Exception {
    write("early");
    loop.settle();
    assertNull(events.poll());
    loop.run(reader::resume);
    assertEquals("early", next());
  }

  @Test
  void stopsAtOnceWhenPausedFromWithinTheBytes() throws Exception {
    write("x".repeat(2 * READ_BYTES));
    loop.run(() -> {
      pauseAtBytes = true;
      reader.resume();
    });
    assertEquals(READ_BYTES, next().length());
    loop.settle();
    assertNull(events.poll());
    loop.run(reader::resume);
    assertEquals(READ_BYTES, next().length());
  }

  @Test
  void smallReadsShareOneBuffer() throws Exception {
    loop.run(reader::resume);
    for (String crumb : new String[] {"a", "b", "c"}) {
      write(crumb);
      assertEquals(crumb, next());
    }
    assertEquals(READ_BYTES, allocator.metric().usedDirectMemory());
  }

  @Test
  @DisplayName("B07 closing twice, before the end and after it, closes the descriptor once")
  void closesOnce() throws Exception {
    loop.run(reader::resume);
    theirs.close();
    assertEquals(ENDED, next());
    FileDescriptor[] successors = FileDescriptor.pipe();
    loop.run(reader::close);
    reader.close();
    loop.settle();
    // A second close(2) would have hit whoever got the number next.
    assertTrue(isOpen(successors[0]));
    successors[0].close();
    successors[1].close();
  }

  @Test
  @DisplayName("B05 closing our end wakes a writer that is blocked on a full pipe")
  void closingBreaksThePipeForTheWriter() throws Exception {
    ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
    assertTrue(theirs.write(much, 0, much.capacity()) > 0);
    loop.run(reader::close);
    assertThrows(IOException.class, () -> theirs.write(much, 0, much.capacity()));
  }

  @Test
  void aLoopThatEndsClosesThePipe() throws Exception {
    loop.stop();
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    assertThrows(IOException.class, () -> theirs.write(one, 0, 1));
    reader.close();
  }

  @Test
  void isOpenedOnItsLoopOnly() throws Exception {
    FileDescriptor[] ends = FileDescriptor.pipe();
    assertThrows(
        IllegalStateException.class,
        () ->
            PipeReader.open(
                loop.loop(), ends[0].intValue(), allocator, READ_BYTES, new Recorder()));
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    // It is closed by the loop, in whose turn this one comes behind it.
    loop.run(() ->
        assertThrows(IOException.class, () -> ends[1].write(one, 0, 1), "nobody could read it"));
    ends[1].close();
  }

  private static boolean isOpen(FileDescriptor descriptor) {
    return Files.exists(Path.of("/proc/self/fd/" + descriptor.intValue()));
  }

  private void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    assertEquals(bytes.length, theirs.write(direct, 0, bytes.length));
  }

  private String next() throws InterruptedException {
    return String.valueOf(events.poll(30, TimeUnit.SECONDS));
  }

  private final class Recorder implements PipeReader.Listener {
    @Override
    public void bytes(ByteBuf bytes) {
      events.add(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
      if (pauseAtBytes) {
        pauseAtBytes = false;
        reader.pause();
      }
    }

    @Override
    public void ended() {
      events.add(ENDED);
    }

    @Override
    public void failed(IOException cause) {
      events.add("failed: " + cause.getMessage());
    }
  }
}
