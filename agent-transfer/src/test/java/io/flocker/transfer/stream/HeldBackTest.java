package io.flocker.transfer.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.transfer.pipe.EpollLoop;
import io.flocker.transfer.pipe.PipeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeldBackTest {
  private static final int LIMIT = 8;

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final HeldBack heldBack = new HeldBack(allocator, LIMIT);
  private final ByteBuffer seen = ByteBuffer.allocateDirect(1 << 16);
  private FileDescriptor child;
  private PipeWriter writer;

  @BeforeEach
  void open() throws Exception {
    FileDescriptor[] ends = FileDescriptor.pipe();
    child = ends[0];
    writer =
        loop.call(() ->
            PipeWriter.open(
                loop.loop(), ends[1].intValue(), allocator, new Deaf(), new CompletableFuture<>()));
  }

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    loop.run(heldBack::release);
    writer.close();
    loop.settle();
    assertEquals(0, allocator.metric().usedDirectMemory());
    child.close();
  }

  @Test
  void keepsTheLastBytesOfOneBuffer() throws Exception {
    add("0123456789");
    assertEquals("01", poured());
    assertEquals(LIMIT, held());
  }

  @Test
  void keepsTheLastBytesOfManyBuffers() throws Exception {
    add("0123");
    add("4567");
    assertEquals("", poured());
    add("89ab");
    assertEquals("0123", poured());
    add("c");
    assertEquals("4", poured());
    assertEquals(LIMIT, held());
  }

  @Test
  void handsOnTheRestInOrderOnceItMay() throws Exception {
    add("0123456789");
    assertEquals("01", poured());
    loop.run(() -> heldBack.pourAllInto(writer));
    assertEquals("23456789", read());
    assertEquals(0, held());
  }

  @Test
  void crumbsDoNotPinTheBuffersThatTheyCameIn() throws Exception {
    HeldBack crumbs = new HeldBack(allocator, 4096);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      char crumb = (char) ('0' + i % 10);
      all.append(crumb);
      loop.run(() -> {
        crumbs.add(allocator.directBuffer(1 << 16).writeByte(crumb));
        crumbs.pourInto(writer);
      });
    }
    assertEquals(
        4096 + 35 * (1 << 16), loop.call(() -> allocator.metric().usedDirectMemory()).longValue());
    loop.run(() -> crumbs.pourAllInto(writer));
    assertEquals(all.toString(), read());
  }

  private void add(String text) throws Exception {
    loop.run(() -> heldBack.add(direct(text)));
  }

  private String poured() throws Exception {
    loop.run(() -> heldBack.pourInto(writer));
    return read();
  }

  private int held() throws Exception {
    return loop.call(heldBack::bytes);
  }

  private ByteBuf direct(String text) {
    return allocator.directBuffer().writeBytes(text.getBytes(US_ASCII));
  }

  private String read() throws Exception {
    loop.run(writer::flush);
    byte[] bytes = new byte[Math.max(0, child.read(seen, 0, seen.capacity()))];
    seen.get(0, bytes);
    return new String(bytes, US_ASCII);
  }

  private static final class Deaf implements PipeWriter.Listener {
    @Override
    public void drained() {}

    @Override
    public void broken() {}

    @Override
    public void failed(IOException cause) {}
  }
}
