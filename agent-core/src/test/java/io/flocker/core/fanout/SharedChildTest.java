package io.flocker.core.fanout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedChildTest {
  private static final Duration PATIENT = Duration.ofHours(1);
  private static final int PIPE_BYTES = 1 << 16;

  private final List<CompletableFuture<FailureException>> losses = new ArrayList<>();

  @Test
  void everyShareHasEveryByteHoweverTheyAreWrittenAndRead() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, PATIENT, 3);
    byte[] all = bytes(5 << 20);
    List<CompletableFuture<byte[]>> read = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      InputStream share = PipedChild.open(shares.get(i));
      int piece = List.of(1 << 20, 4_099, 65_536).get(i);
      read.add(async(() -> readAll(share, piece)));
    }

    Random random = new Random(1);
    for (int at = 0; at < all.length; ) {
      int length = Math.min(all.length - at, 1 + random.nextInt(100_000));
      child.stdout.write(all, at, length);
      at += length;
    }
    child.stdout.close();
    child.exit.complete(new Exit(0));

    for (int i = 0; i < shares.size(); i++) {
      assertArrayEquals(all, read.get(i).get(), "share " + i);
      assertEquals(new Exit(0), shares.get(i).exit().toCompletableFuture().get());
    }
  }

  @Test
  void whatTheChildSaysAtItsEndIsHeardOnlyWhereAllHasBeenPassedOn() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, PATIENT, 2);
    InputStream whole = PipedChild.open(shares.getFirst());
    InputStream full = PipedChild.open(shares.getLast());
    CompletableFuture<byte[]> read = async(() -> readAll(whole, 1 << 16));
    byte[] all = bytes(3 * PIPE_BYTES); // More than the child's pipe and the share's hold.
    CompletableFuture<Integer> written =
        async(() -> {
          child.stdout.write(all);
          child.stdout.close();
          return all.length;
        });

    child.exit.complete(new Exit(0));
    assertTrue(full.read() >= 0);

    assertFalse(shares.getLast().exit().toCompletableFuture().isDone());
    assertEquals(all.length - 1, readAll(full, 1 << 16).length);
    assertEquals(new Exit(0), shares.getLast().exit().toCompletableFuture().get());
    written.get();
    assertArrayEquals(all, read.get());
  }

  @Test
  void aChildThatFailsHasFailedForAll() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, PATIENT, 2);
    child.stdout.write(new byte[1_000]);
    child.stdout.close();

    child.exit.complete(new Exit(1));

    for (Child share : shares) {
      assertEquals(new Exit(1), share.exit().toCompletableFuture().get());
    }
  }

  @Test
  void aReaderThatIsGoneHarmsNoOther() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, PATIENT, 3);
    byte[] all = bytes(2 << 20);
    List<CompletableFuture<byte[]>> read = new ArrayList<>();
    for (Child share : List.of(shares.getFirst(), shares.getLast())) {
      InputStream bytes = PipedChild.open(share);
      read.add(async(() -> readAll(bytes, 1 << 16)));
    }
    InputStream cut = PipedChild.open(shares.get(1));

    child.stdout.write(all, 0, 1 << 20 >> 4);
    assertEquals(1_000, cut.readNBytes(1_000).length);
    cut.close();
    child.stdout.write(all, 1 << 20 >> 4, all.length - (1 << 20 >> 4));
    child.stdout.close();
    child.exit.complete(new Exit(0));

    for (CompletableFuture<byte[]> whole : read) {
      assertArrayEquals(all, whole.get());
    }
    assertEquals(Exit.TERMINATED, shares.get(1).exit().toCompletableFuture().get());
    assertFalse(child.closed.isDone());
  }

  @Test
  void whoTakesNothingIsLostOnceTheOthersHaveWaitedLongEnough() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, Duration.ofMillis(300), 2);
    byte[] all = bytes(2 << 20);
    InputStream quick = PipedChild.open(shares.getFirst());
    InputStream stopped = PipedChild.open(shares.getLast());
    CompletableFuture<byte[]> read = async(() -> readAll(quick, 1 << 16));

    child.stdout.write(all);
    child.stdout.close();
    child.exit.complete(new Exit(0));

    assertArrayEquals(all, read.get());
    assertEquals(TransferFailure.TOO_SLOW_TO_SHARE, losses.getLast().get().failure());
    // Cut off in the midst, and not as if that was all of it.
    assertEquals(Exit.TERMINATED, shares.getLast().exit().toCompletableFuture().get());
    assertTrue(readAll(stopped, 1 << 16).length < all.length);
    assertFalse(losses.getFirst().isDone());
  }

  @Test
  void theChildIsEndedWithItsLastShare() throws Exception {
    PipedChild child = new PipedChild();
    List<Child> shares = share(child, PATIENT, 2);

    shares.getFirst().close();
    shares.getFirst().close();
    assertFalse(child.closed.isDone());
    child.stdout.write(1);
    try (InputStream last = PipedChild.open(shares.getLast())) {
      assertEquals(1, last.readNBytes(1).length);
    }
    shares.getLast().close();

    child.closed.get();
    assertThrows(IOException.class, () -> child.stdout.write(1), "nobody reads it any more");
  }

  private List<Child> share(Child child, Duration patience, int count) throws Exception {
    List<Consumer<FailureException>> told = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CompletableFuture<FailureException> loss = new CompletableFuture<>();
      losses.add(loss);
      told.add(loss::complete);
    }
    return SharedChild.share(child, PIPE_BYTES, patience, told);
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> async(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    var _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                result.complete(work.run());
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return result.orTimeout(50, TimeUnit.SECONDS);
  }

  private static byte[] readAll(InputStream from, int piece) throws IOException {
    try (from) {
      List<byte[]> read = new ArrayList<>();
      int length = 0;
      while (true) {
        byte[] part = from.readNBytes(piece);
        read.add(part);
        length += part.length;
        if (part.length < piece) {
          break;
        }
      }
      byte[] all = new byte[length];
      int at = 0;
      for (byte[] part : read) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
