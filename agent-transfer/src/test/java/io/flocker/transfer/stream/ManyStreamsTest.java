package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.flocker.transfer.pipe.EpollLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ManyStreamsTest {
  private static final int STREAMS = 200;

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  @Test
  @DisplayName("B08 200 streams begun and cancelled leave no descriptor, child or buffer behind")
  void cancelledStreamsLeaveNothingBehind() throws Exception {
    cancelOne(); // What is loaded and opened once is no leak.
    long descriptors = openDescriptors();
    for (int i = 1; i < STREAMS; i++) {
      cancelOne();
    }
    assertEquals(descriptors, openDescriptors());
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  private void cancelOne() throws Exception {
    Wire wire = new Wire(loop.loop());
    FakeReception reception = new FakeReception("exec cat > /dev/null", MarkedStream.inspector());
    StreamSender sender =
        new StreamSender(
            () -> ScriptChild.sending("printf '<'; exec cat /dev/zero"),
            Settings.PATIENT,
            allocator);
    loop.run(() -> {
      wire.connect(StreamReceiver.open(wire.exchange, reception, Settings.PATIENT, allocator));
      wire.connect(sender);
    });
    ScriptChild receiving = reception.started.get(30, TimeUnit.SECONDS);
    sender.cancel();
    SendOutcome outcome = sender.outcome().toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertInstanceOf(SendOutcome.Failed.class, outcome);
    assertInstanceOf(Exception.class, reception.failed.get(30, TimeUnit.SECONDS));
    assertFalse(receiving.isAlive());
    loop.settle();
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
