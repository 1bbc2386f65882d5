package io.flocker.core.os;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final int CAPACITY = 4_096;
  private static final long DEADLINE_SECONDS = 60;
  private static final Executor OWN_THREAD = task -> Thread.ofPlatform().daemon().start(task);

  @Test
  void noticesThatNobodyReadsAnyMore() throws Exception {
    try (Pipe pipe = Pipe.toChild(CAPACITY)) {
      Process reader =
          new ProcessBuilder("sh", "-c", "read line")
              .redirectInput(pipe.asStdin())
              .redirectOutput(Redirect.DISCARD)
              .start();
      pipe.closeChildEnd();
      int descriptor = pipe.take();
      try {
        CompletableFuture<Void> gone =
            CompletableFuture.runAsync(() -> await(descriptor), OWN_THREAD);
        assertFalse(gone.isDone());

        reader.destroy();

        gone.get(DEADLINE_SECONDS, SECONDS);
      } finally {
        Descriptors.close(descriptor);
      }
    }
  }

  private static void await(int descriptor) {
    try {
      Descriptors.awaitHangUp(descriptor);
    } catch (NativeException e) {
      throw new IllegalStateException(e);
    }
  }
}
