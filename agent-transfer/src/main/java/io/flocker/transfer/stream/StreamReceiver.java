package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.Proof;
import io.flocker.core.stream.StreamInspector;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.transfer.pipe.PipeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Moves the body of a request into a child's stdin, as fast as the child takes it, and answers.
 *
 * <p>Bytes are judged before they are passed on, and the child is started only once the first
 * {@code BEGIN} has been. The last {@value TransferSettings#HELD_BACK_BYTES} bytes stay back until
 * the body has ended with a last chunk and a {@link Proof} that agrees: a child that ends before
 * that, however it says it ended, has failed. A child that closes its stdin afterwards and ends
 * well has merely had enough; one that does not end for {@link TransferSettings#stall} after it was
 * given all is ended. On the exchange's event loop, unless said otherwise.
 *
 * <p>A sender whose child thinks for long says so beside the body, see {@link #senderHeard}: one
 * that brings nothing and says nothing is ended after {@link TransferSettings#idle}, where it is
 * one that can say it. All else that stalls is ended by {@link TransferSettings#stall}.
 */
public final class StreamReceiver implements StreamBody {
  /** Generous for a first record: ZFS's package header has 312 bytes and a small payload. */
  private static final int MAX_HEAD_BYTES = 1 << 20;

  private final StreamExchange exchange;
  private final Reception reception;
  private final TransferSettings settings;
  private final ByteBufAllocator allocator;
  private final StreamInspector inspector;
  private final StreamMeter meter = new StreamMeter();
  private final HeldBack heldBack;
  private final ChildRun<ReceiveVerdict> run;
  private final Watchdog stallWatch;
  private final Optional<Watchdog> idleWatch;
  private final ScheduledFuture<?> heartbeat;
  private @Nullable PipeWriter writer;
  private @Nullable Proof proof;
  private boolean isConnected = true;
  private boolean isBroken;
  private boolean isEndPoured;
  private boolean isGiven;

  private StreamReceiver(
      StreamExchange exchange,
      Reception reception,
      TransferSettings settings,
      ByteBufAllocator allocator) {
    this.exchange = exchange;
    this.reception = reception;
    this.settings = settings;
    this.allocator = allocator;
    this.inspector = reception.inspector();
    this.heldBack = new HeldBack(allocator, TransferSettings.HELD_BACK_BYTES);
    this.run = new ChildRun<>(reception, new Mover());
    this.stallWatch = new Watchdog(exchange.eventLoop(), settings.stall(), this::streamHasStalled);
    this.idleWatch =
        reception.isSenderHeard()
            ? Optional.of(new Watchdog(exchange.eventLoop(), settings.idle(), this::senderIsIdle))
            : Optional.empty();
    long nanos = settings.heartbeat().toNanos();
    this.heartbeat =
        exchange
            .eventLoop()
            .scheduleAtFixedRate(this::tellTaken, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Begins to receive the exchange's body. On the exchange's event loop. */
  public static StreamReceiver open(
      StreamExchange exchange,
      Reception reception,
      TransferSettings settings,
      ByteBufAllocator allocator) {
    return new StreamReceiver(exchange, reception, settings, allocator);
  }

  /** Ends the child and answers {@code why}, unless the transfer is over. Any thread. */
  public void end(FailureException why) {
    run.onLoop(exchange.eventLoop(), () -> fail(why));
  }

  /** The sender says that its child is at work. Any thread. */
  public void senderHeard() {
    run.onLoop(exchange.eventLoop(), () -> idleWatch.ifPresent(Watchdog::touch));
  }

  @Override
  public void content(ByteBuf bytes) {
    if (run.isSettled()) {
      bytes.release();
      return;
    }
    ByteBuffer seen = viewOf(bytes);
    try {
      inspector.inspect(seen);
    } catch (FailureException e) {
      bytes.release();
      fail(e);
      return;
    } catch (RuntimeException e) {
      bytes.release();
      throw e;
    }
    meter.add(seen);
    touchWatches();
    heldBack.add(bytes);
    if (writer != null) {
      heldBack.pourInto(writer);
    }
  }

  @Override
  public void readComplete() {
    if (run.isSettled()) {
      return;
    }
    reception.progress(meter.bytes());
    if (inspector.hasBegun()) {
      run.begin(exchange.eventLoop());
    } else if (heldBack.bytes() > MAX_HEAD_BYTES) {
      fail(TransferFailure.NOT_A_STREAM.because("no BEGIN record in the first MiB"));
      return;
    }
    flush();
    readOn();
  }

  @Override
  public void last(Map<String, String> trailers) {
    if (run.isSettled()) {
      return;
    }
    idleWatch.ifPresent(Watchdog::stop);
    reception.progress(meter.bytes());
    try {
      proof =
          reception.isProofRequired()
              ? ProofCheck.of(trailers, meter, inspector)
              : ProofCheck.unproven(meter, inspector);
    } catch (FailureException e) {
      fail(e);
      return;
    }
    run.begin(exchange.eventLoop());
    pourTheEnd();
  }

  @Override
  public void aborted(Throwable cause) {
    isConnected = false;
    heartbeat.cancel(false);
    if (proof == null) {
      fail(
          TransferFailure.STREAM_TRUNCATED
              .because(
                  "the connection from the sender was cut after "
                      + meter.bytes()
                      + " bytes"
                      + (cause.getMessage() == null ? "" : ": " + cause.getMessage()))
              .causedBy(cause));
    }
    // A proven stream goes on: the sender comes back and asks how it ended.
  }

  /** The bytes without a copy, by the view that the whole buffer keeps for all of its slices. */
  private static ByteBuffer viewOf(ByteBuf bytes) {
    if (!bytes.hasMemoryAddress()) {
      return bytes.nioBuffer();
    }
    ByteBuf whole = bytes;
    while (whole.unwrap() != null) {
      whole = whole.unwrap();
    }
    int offset = Math.toIntExact(bytes.memoryAddress() - whole.memoryAddress());
    return whole.internalNioBuffer(offset + bytes.readerIndex(), bytes.readableBytes());
  }

  private void flush() {
    if (writer != null) {
      writer.flush();
    }
  }

  private void touchWatches() {
    stallWatch.touch();
    idleWatch.ifPresent(Watchdog::touch);
  }

  /** Asks for more where there is room for it: nothing waits for the child, nor for its start. */
  private void readOn() {
    if (isSendersTurn()) {
      exchange.read();
    }
  }

  private boolean isSendersTurn() {
    boolean isBeforeChild = writer == null && !inspector.hasBegun();
    boolean isRoomLeft = writer != null && writer.isDrained() && !isBroken;
    return proof == null && isConnected && !run.isSettled() && (isBeforeChild || isRoomLeft);
  }

  private void senderIsIdle() {
    if (isSendersTurn()) {
      fail(
          TransferFailure.PEER_SILENT.because(
              "the sender has sent nothing for "
                  + settings.idle().toSeconds()
                  + " s, and has not said that its child is at work"));
    } else {
      idleWatch.ifPresent(Watchdog::restart);
    }
  }

  private void pourTheEnd() {
    if (writer != null && proof != null && !isBroken) {
      isEndPoured = true;
      heldBack.pourAllInto(writer);
      writer.flush();
      closeWhenDrained();
    }
  }

  private void closeWhenDrained() {
    if (writer != null && isEndPoured && writer.isDrained()) {
      if (!isGiven) {
        isGiven = true;
        stallWatch.touch(); // What is left is the child's own work.
        reception.given();
      }
      writer.close();
    }
  }

  private void tellTaken() {
    exchange.interim(TakenHeader.of(meter.bytes()));
  }

  private void streamHasStalled() {
    String time = settings.stall().toMinutes() + " min";
    if (isGiven) {
      fail(
          TransferFailure.RECEIVER_FAILED.because(
              "the receiving child was given the whole stream, and has not ended for "
                  + time
                  + ": it was stopped, or ZFS hangs"));
      return;
    }
    boolean isChildBehind = inspector.hasBegun() && (writer == null || !writer.isDrained());
    fail(
        isChildBehind
            ? TransferFailure.RECEIVER_FAILED.because(
                "the receiving child has taken nothing for " + time)
            : TransferFailure.PEER_SILENT.because("the sender has sent nothing for " + time));
  }

  private void fail(FailureException why) {
    run.settle(new ReceiveVerdict.Broken(why));
  }

  private void answer(Object body) {
    answerBy(() -> exchange.respond(HttpResponseStatus.OK.code(), body));
  }

  private void answer(FailureException failure) {
    answerBy(() -> exchange.fail(failure));
  }

  private void answerBy(Runnable response) {
    run.onLoop(
        exchange.eventLoop(),
        () -> {
          heartbeat.cancel(false);
          if (isConnected) {
            response.run();
          }
        });
  }

  private final class Input implements PipeWriter.Listener {
    @Override
    public void drained() {
      touchWatches();
      closeWhenDrained();
      readOn();
    }

    /** The child's exit status says whether that is well; mostly it comes at once. */
    @Override
    public void broken() {
      isBroken = true;
      if (!isEndPoured) {
        var _ =
            exchange
                .eventLoop()
                .schedule(
                    StreamReceiver.this::childHasBrokenOff,
                    settings.brokenGrace().toNanos(),
                    TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void failed(IOException cause) {
      fail(
          TransferFailure.RECEIVER_FAILED
              .because("the receiving child's pipe cannot be written: " + cause.getMessage())
              .causedBy(cause));
    }
  }

  private void childHasBrokenOff() {
    fail(
        TransferFailure.RECEIVER_FAILED.because(
            "the receiving child closed its stdin after " + meter.bytes() + " bytes"));
  }

  private final class Mover implements ChildRun.Mover<ReceiveVerdict> {
    @Override
    public void attach(Child child) {
      try {
        IoEventLoop loop = (IoEventLoop) exchange.eventLoop();
        writer =
            PipeWriter.open(loop, child.takeDescriptor(), allocator, new Input(), child.exit());
        touchWatches();
        heldBack.pourInto(writer);
        flush();
        pourTheEnd();
        readOn();
      } catch (IOException e) {
        fail(TransferFailure.RECEIVER_FAILED.because(String.valueOf(e.getMessage())).causedBy(e));
      }
    }

    @Override
    public void exited(Exit exit) {
      Proof agreed = proof;
      if (exit.isSuccess() && agreed != null && isEndPoured) {
        run.settle(new ReceiveVerdict.Whole(agreed));
      } else {
        String when = isEndPoured ? " at the stream's end" : " before it was given the end";
        fail(
            TransferFailure.RECEIVER_FAILED.because(
                "the receiving child ended with "
                    + exit
                    + when
                    + ", after "
                    + meter.bytes()
                    + " bytes"));
      }
    }

    @Override
    public void stop(ReceiveVerdict verdict) {
      stallWatch.stop();
      idleWatch.ifPresent(Watchdog::stop);
      heldBack.release();
      if (writer != null) {
        writer.close();
      }
    }

    @Override
    public ReceiveVerdict broken(FailureException why) {
      return new ReceiveVerdict.Broken(why);
    }

    @Override
    public void finish(ReceiveVerdict verdict, Optional<ChildEnd> child) {
      try {
        switch (verdict) {
          case ReceiveVerdict.Whole(Proof agreed) when child.isPresent() ->
              answer(reception.received(new Received(agreed, child.get())));
          case ReceiveVerdict.Whole _ ->
              answer(
                  reception.failed(
                      TransferFailure.RECEIVER_FAILED.because(
                          "nobody can say how the receiving child ended")));
          case ReceiveVerdict.Broken(FailureException why) ->
              answer(reception.failed(withEnd(why, child)));
        }
      } catch (FailureException e) {
        answer(withEnd(e, child));
      } catch (RuntimeException e) {
        FailureException unforeseen =
            RequestFailure.INTERNAL_ERROR
                .because("what the stream brought could not be taken over")
                .causedBy(e)
                .foundUnder(UUID.randomUUID());
        Action.traceback(unforeseen);
        answer(unforeseen);
      }
    }

    private static FailureException withEnd(FailureException why, Optional<ChildEnd> child) {
      return child.map(end -> why.with("receiver", end.toMember())).orElse(why);
    }
  }
}
