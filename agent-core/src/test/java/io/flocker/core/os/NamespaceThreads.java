package io.flocker.core.os;

import static io.flocker.core.os.LibC.INT;
import static io.flocker.core.os.LibC.POINTER;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads of the test inside a network namespace: their sockets are there, and what they see of
 * {@code /proc/sys/net}.
 *
 * <p>A thread that they start would be there too, for as long as it lives: so they use sockets and
 * files only, and start neither processes nor virtual threads. They end when they are not needed.
 */
public final class NamespaceThreads {
  private static final LibC OPEN =
      LibC.function("open", INT, POINTER, INT); // int open(char *, int)
  private static final LibC SETNS = LibC.function("setns", INT, INT, INT); // int setns(int, int)
  private static final int CLONE_NEWNET = 0x4000_0000; // linux/sched.h
  private static final int O_CLOEXEC = 0x8_0000; // asm-generic/fcntl.h; O_RDONLY is 0

  private final ExecutorService threads;

  /** Threads in {@code namespace}, one for each thing that is done at once. */
  public NamespaceThreads(Path namespace) {
    threads =
        Executors.newCachedThreadPool(work ->
            Thread.ofPlatform()
                .daemon()
                .name("in " + namespace)
                .unstarted(() -> {
                  enter(namespace);
                  work.run();
                }));
  }

  /** Does it there, and waits for the end of it. */
  public <T> T call(Callable<T> work) throws Exception {
    try {
      return threads.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Begins to do it there. */
  public <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  private static void enter(Path namespace) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.call(arena.allocateFrom(namespace.toString()), O_CLOEXEC);
      SETNS.call(descriptor, CLONE_NEWNET);
      Descriptors.close(descriptor);
    } catch (NativeException e) {
      throw new IllegalStateException(namespace + " cannot be entered", e);
    }
  }
}
