package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.Outcomes.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.failure.TransferFailure;
import io.flocker.transfer.pipe.EpollLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream of a node whose event loops have ended: whoever waits for it is told all the same. */
@Timeout(120)
class ShutdownTest {
  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  @Test
  void whatWasComingInEnds() throws Exception {
    FakeReception reception = new FakeReception("exec cat", MarkedStream.inspector());
    Wire wire = new Wire(loop.loop());
    StreamReceiver receiver =
        loop.call(() -> StreamReceiver.open(wire.exchange, reception, Settings.PATIENT, allocator));
    loop.stop();

    receiver.end(TransferFailure.PEER_SILENT.because("nobody can be told any more"));

    assertEquals(TransferFailure.CANCELLED, await(reception.failed).failure());
    assertFalse(reception.started.isDone());
  }

  @Test
  void whatWasGoingOutEnds() throws Exception {
    StreamSender sender =
        new StreamSender(() -> ScriptChild.sending("exec sleep 60"), Settings.PATIENT, allocator);
    Wire wire = new Wire(loop.loop());
    loop.run(() -> wire.connect(sender));
    loop.stop();

    sender.cancel();

    assertEquals(TransferFailure.CANCELLED, Outcomes.failed(sender).failure().failure());
  }
}
