package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageLenderTest {
  private static final int LENT = 48 * 1024;
  private static final int PIPE = 64 * 1024;
  private static final int EPIPE = 32;

  private final Arena arena = Arena.ofConfined();
  private Pipe pipe;
  private int descriptor;
  private PageLender lender;

  @BeforeEach
  void open() throws Exception {
    pipe = Pipe.toChild(PIPE);
    descriptor = pipe.take();
    lender = new PageLender(descriptor);
  }

  @AfterEach
  void close() {
    Descriptors.close(descriptor);
    pipe.close();
    arena.close();
  }

  @Test
  void theReaderFindsTheVeryPagesThatWereLent() throws Exception {
    MemorySegment pages = arena.allocate(LENT);
    assertEquals(LENT, lend(pages));
    assertEquals(LENT, lender.unread());
    pages.fill((byte) 7); // not to be done: it shows that nothing was copied
    byte[] expected = new byte[LENT];
    Arrays.fill(expected, (byte) 7);
    assertArrayEquals(expected, read(LENT));
    assertEquals(0, lender.unread());
  }

  @Test
  void takesWhatFitsAndThenNothing() throws Exception {
    MemorySegment pages = arena.allocate(2 * PIPE);
    long taken = lend(pages);
    assertTrue(taken > 0 && taken <= PIPE);
    assertEquals(0, lend(pages));
    assertEquals(taken, lender.unread());
  }

  @Test
  void aPipeThatNobodyReadsTakesNothing() {
    pipe.closeChildEnd();
    NativeException refusal = assertThrows(NativeException.class, () -> lend(arena.allocate(LENT)));
    assertEquals(EPIPE, refusal.errno());
  }

  private long lend(MemorySegment pages) throws NativeException {
    MemorySegment vector = arena.allocate(ValueLayout.JAVA_LONG, 2);
    vector.setAtIndex(ValueLayout.JAVA_LONG, 0, pages.address());
    vector.setAtIndex(ValueLayout.JAVA_LONG, 1, pages.byteSize());
    return lender.lend(vector.address(), 1);
  }

  private byte[] read(int bytes) throws Exception {
    try (FileInputStream in = new FileInputStream(pipe.childEnd())) {
      return in.readNBytes(bytes);
    }
  }
}
