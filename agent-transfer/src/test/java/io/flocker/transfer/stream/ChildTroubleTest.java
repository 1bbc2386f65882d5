package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.Outcomes.await;
import static io.flocker.transfer.stream.Outcomes.failed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.transfer.pipe.EpollLoop;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Children that do not start, or of which nobody can say how they ended. */
@Timeout(120)
class ChildTroubleTest {
  private static final int LENGTH = 100_000;
  private static final String TAKING = "exec cat > /dev/null";
  private static final String ENDLESS = "printf '<'; exec cat /dev/zero";

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final Wire wire = new Wire(loop.loop());

  @AfterEach
  void everyBufferIsReleased() throws Exception {
    loop.run(wire::cut);
    loop.awaitReleased(allocator);
  }

  @Test
  void aReceiverThatCannotBeStartedIsAnswered() throws Exception {
    FakeReception reception =
        receiving(() -> {
          throw new IllegalStateException("a bug");
        });
    StreamSender sender = send(() -> ScriptChild.sending(ENDLESS));

    assertEquals(RequestFailure.INTERNAL_ERROR.type(), await(wire.response).type());
    assertEquals(RequestFailure.INTERNAL_ERROR, await(reception.failed).failure());
    assertEquals(
        RequestFailure.INTERNAL_ERROR.status(), Outcomes.answered(sender).status(), "and heard");
  }

  @Test
  void aSenderThatCannotBeStartedCutsTheConnection() throws Exception {
    StreamSender sender =
        send(() -> {
          throw new IllegalStateException("a bug");
        });

    assertEquals(RequestFailure.INTERNAL_ERROR, failed(sender).failure().failure());
    assertTrue(await(wire.aborted));
  }

  @Test
  void aStreamIsNotTakenWhereNobodyCanSayHowItsChildEnded() throws Exception {
    FakeReception reception = receiving(() -> new Mute(ScriptChild.receiving(TAKING)));
    StreamSender _ = send(() -> ScriptChild.sending(MarkedStream.script(LENGTH)));

    assertEquals(TransferFailure.RECEIVER_FAILED.type(), await(wire.response).type());
    FailureException why = await(reception.failed);
    assertTrue(why.detail().contains("nobody can say"), why.detail());
    assertFalse(reception.received.isDone());
  }

  private FakeReception receiving(ChildStarter starter) throws Exception {
    FakeReception reception =
        new FakeReception("", MarkedStream.inspector()) {
          @Override
          public Child start() throws FailureException {
            return starter.start();
          }
        };
    loop.run(() ->
        wire.connect(StreamReceiver.open(wire.exchange, reception, Settings.PATIENT, allocator)));
    return reception;
  }

  private StreamSender send(ChildStarter starter) throws Exception {
    StreamSender sender = new StreamSender(starter, Settings.PATIENT, allocator);
    loop.run(() -> wire.connect(sender));
    return sender;
  }

  /** A script whose last words are lost. */
  private record Mute(ScriptChild script) implements Child {
    @Override
    public Direction direction() {
      return script.direction();
    }

    @Override
    public String command() {
      return script.command();
    }

    @Override
    public long pid() {
      return script.pid();
    }

    @Override
    public int takeDescriptor() {
      return script.takeDescriptor();
    }

    @Override
    public CompletionStage<Exit> exit() {
      return script.exit();
    }

    @Override
    public String stderrTail() {
      throw new UncheckedIOException(new IOException("no such file"));
    }

    @Override
    public void end() {
      script.end();
    }

    @Override
    public void close() {
      script.close();
    }
  }
}
