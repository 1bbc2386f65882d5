package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Needs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of mounts that never answer; needs root, to mount them. */
@Timeout(120)
class FileCallsIT {
  /** Far longer than any call of a test takes. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path temporary;

  @BeforeEach
  void needsRoot(TestInfo test) {
    Needs.root(test.getDisplayName());
  }

  @Test
  void givesUpWhatDoesNotAnswerAndAsksItAgainOnceItDoes() throws Exception {
    FileCalls calls = new FileCalls(2, SHORT);
    Path hung = folder("hung");
    Path sound = folder("sound");
    try (HungMount _ = HungMount.at(hung)) {
      String late = silent(calls, hung);
      assertTrue(late.startsWith(hung + " did not answer within "), late);

      String atOnce = silent(calls, hung);
      assertTrue(atOnce.startsWith(hung + " has not answered since "), atOnce);
      assertEquals(List.of(hung), places(calls), "the second was not made");
      assertTrue(look(calls, sound), "another place is asked");
    }
    awaitNoneStuck(calls);
    assertTrue(look(calls, hung));
  }

  @Test
  void asksNobodyOnceAllThreadsAreStuck() throws Exception {
    FileCalls calls = new FileCalls(2, SHORT);
    Path one = folder("one");
    Path other = folder("other");
    Path sound = folder("sound");
    try (HungMount _ = HungMount.at(one)) {
      String _ = silent(calls, one);
      try (HungMount _ = HungMount.at(other)) {
        String _ = silent(calls, other);

        String refused = silent(calls, sound);
        assertTrue(refused.contains("2 others, such as " + one), refused);
      }
      while (calls.stuck().size() > 1) {
        Thread.onSpinWait();
      }
      assertTrue(look(calls, sound), "one thread is given back");
    }
    awaitNoneStuck(calls);
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() throws Exception {
    FileCalls calls = new FileCalls(1, LONG);
    Path hung = folder("hung");
    CountDownLatch isAsked = new CountDownLatch(1);
    AtomicReference<IOException> thrown = new AtomicReference<>();
    CompletableFuture<Boolean> isStillInterrupted = new CompletableFuture<>();
    try (HungMount _ = HungMount.at(hung)) {
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                thrown.set(
                    assertThrows(
                        IOException.class,
                        () ->
                            calls.make(
                                hung,
                                () -> {
                                  isAsked.countDown();
                                  return Files.getLastModifiedTime(hung);
                                })));
                isStillInterrupted.complete(Thread.currentThread().isInterrupted());
              });
      isAsked.await();
      caller.interrupt();

      assertTrue(isStillInterrupted.join());
      assertEquals(InterruptedIOException.class, thrown.get().getClass());
    }
  }

  @Test
  void throwsWhatTheCallThrows() throws Exception {
    FileCalls calls = new FileCalls(1, LONG);
    Path gone = temporary.resolve("gone");

    assertThrows(
        NoSuchFileException.class, () -> calls.make(gone, () -> Files.getLastModifiedTime(gone)));
    assertThrows(
        IllegalStateException.class,
        () ->
            calls.make(
                gone,
                () -> {
                  throw new IllegalStateException("a bug");
                }));
    assertTrue(calls.make(temporary, () -> Files.exists(temporary)), "the thread is given back");
  }

  @Test
  void mountsAreRecognisedWithoutAskingThem() throws Exception {
    Path hung = folder("hung");
    try (HungMount _ = HungMount.at(hung)) {
      assertEquals(hung, RealPath.of(hung));
      assertEquals("fuse hung", FileSystem.at(hung).source());
      assertEquals(List.of(), Holders.beyond(hung));
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(temporary.toRealPath().resolve(name));
  }

  /** As a plain look: the kernel has to ask who serves it. */
  private static boolean look(FileCalls calls, Path folder) throws IOException {
    return calls.make(folder, () -> Files.isDirectory(folder));
  }

  private static String silent(FileCalls calls, Path folder) {
    return String.valueOf(
        assertThrows(SilentFileSystemException.class, () -> look(calls, folder)).getMessage());
  }

  private static List<Path> places(FileCalls calls) {
    return calls.stuck().stream().map(FileCalls.Stuck::place).toList();
  }

  private static void awaitNoneStuck(FileCalls calls) {
    while (!calls.stuck().isEmpty()) {
      Thread.onSpinWait();
    }
  }
}
