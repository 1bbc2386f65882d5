package io.flocker.transfer.stream;

import static io.flocker.core.failure.TransferFailure.PEER_FAILED;
import static io.flocker.core.failure.TransferFailure.PEER_SILENT;
import static io.flocker.core.failure.TransferFailure.SENDER_FAILED;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.Proof;
import io.flocker.http.peer.Upload;
import io.flocker.transfer.pipe.PipeReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.handler.codec.http.HttpStatusClass;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of one upload: moves a child's output into it, as fast as the peer takes it. On the
 * upload's event loop, but for {@link #cancel}.
 *
 * <p>The end of the child's output proves nothing: only its exit status 0 ends the body with a last
 * chunk and a {@link Proof}; anything else cuts the connection.
 */
final class SentBody implements PipeReader.Listener, ChildRun.Mover<SendVerdict> {
  private final Upload upload;
  private final TransferSettings settings;
  private final ByteBufAllocator allocator;
  private final StreamMeter meter;
  private final CompletableFuture<SendOutcome> outcome;
  private final ChildRun<SendVerdict> run;
  private final Watchdog peerWatch;
  private final Watchdog childWatch;
  private final Valve valve;
  private @Nullable PipeReader reader;
  private @Nullable Exit exit;
  private volatile @Nullable Proof proof;
  private boolean isEnded;

  SentBody(
      Upload upload,
      ChildStarter starter,
      TransferSettings settings,
      ByteBufAllocator allocator,
      StreamMeter meter,
      CompletableFuture<SendOutcome> outcome) {
    this.upload = upload;
    this.settings = settings;
    this.allocator = allocator;
    this.meter = meter;
    this.outcome = outcome;
    this.run = new ChildRun<>(starter, this);
    this.peerWatch = new Watchdog(upload.eventLoop(), settings.silence(), this::peerIsSilent);
    this.childWatch = new Watchdog(upload.eventLoop(), settings.stall(), this::childIsSilent);
    this.valve = new Valve(upload.eventLoop(), settings.rate(), this::readOn);
  }

  /** Starts the child. */
  void begin() {
    run.begin(upload.eventLoop());
  }

  /** Whether all bytes have left, and the peer has to prove what it made of them. Any thread. */
  boolean isSentWhole() {
    return proof != null;
  }

  /** Ends everything, unless the peer has answered. Any thread. */
  void cancel(FailureException why) {
    run.onLoop(upload.eventLoop(), () -> fail(why));
  }

  void writabilityChanged() {
    readOn();
  }

  void peerSpoke() {
    peerWatch.touch();
  }

  void answered(int status, JsonNode body) {
    if (proof == null && HttpStatusClass.SUCCESS.contains(status)) {
      fail(PEER_FAILED.because("the peer answered " + status + " before the stream had ended"));
    } else {
      run.settle(new SendVerdict.Answer(status, body, Optional.ofNullable(proof)));
    }
  }

  void fail(FailureException why) {
    run.settle(new SendVerdict.Broken(why));
  }

  @Override
  public void attach(Child child) {
    try {
      IoEventLoop loop = (IoEventLoop) upload.eventLoop();
      reader = PipeReader.open(loop, child.takeDescriptor(), allocator, settings.readBytes(), this);
      readOn();
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void bytes(ByteBuf bytes) {
    int length = bytes.readableBytes();
    meter.add(bytes.internalNioBuffer(bytes.readerIndex(), length));
    childWatch.touch();
    upload.write(bytes);
    valve.pass(length);
    if (reader != null && !mayRead()) {
      reader.pause();
    }
  }

  @Override
  public void ended() {
    isEnded = true;
    endBody();
  }

  @Override
  public void failed(IOException cause) {
    fail(
        SENDER_FAILED
            .because("the sending child's pipe cannot be read: " + cause.getMessage())
            .causedBy(cause));
  }

  @Override
  public void exited(Exit childExit) {
    exit = childExit;
    if (childExit.isSuccess()) {
      endBody();
    } else {
      fail(
          SENDER_FAILED.because(
              "the sending child ended with " + childExit + " after " + meter.bytes() + " bytes"));
    }
  }

  @Override
  public void stop(SendVerdict verdict) {
    peerWatch.stop();
    childWatch.stop();
    valve.stop();
    if (reader != null) {
      reader.close();
    }
    if (verdict instanceof SendVerdict.Broken) {
      upload.abort();
    }
  }

  @Override
  public SendVerdict broken(FailureException why) {
    return new SendVerdict.Broken(why);
  }

  @Override
  public void finish(SendVerdict verdict, Optional<ChildEnd> child) {
    long bytes = meter.bytes();
    outcome.complete(
        switch (verdict) {
          case SendVerdict.Answer(int status, JsonNode body, Optional<Proof> vouched) ->
              new SendOutcome.Answered(status, body, vouched, bytes, child);
          case SendVerdict.Broken(FailureException why) ->
              new SendOutcome.Failed(
                  child.map(end -> why.with("sender", end.toMember())).orElse(why), bytes);
        });
  }

  private boolean mayRead() {
    return upload.isWritable() && valve.isOpen();
  }

  private void readOn() {
    if (reader == null) {
      return;
    }
    if (mayRead()) {
      reader.resume();
    } else {
      reader.pause();
    }
  }

  private void endBody() {
    if (isEnded && exit != null) {
      Proof vouched = meter.proof(exit.code());
      proof = vouched;
      childWatch.stop();
      upload.finish(Map.of(Proof.TRAILER, vouched.toString()));
    }
  }

  private void peerIsSilent() {
    fail(
        PEER_SILENT.because(
            "the peer has said nothing for %d s, after %d bytes"
                .formatted(settings.silence().toSeconds(), meter.bytes())));
  }

  private void childIsSilent() {
    if (mayRead()) {
      fail(
          SENDER_FAILED.because(
              "the sending child has written nothing for %d min, after %d bytes"
                  .formatted(settings.stall().toMinutes(), meter.bytes())));
    } else {
      childWatch.restart(); // The peer or the rate holds it up.
    }
  }
}
