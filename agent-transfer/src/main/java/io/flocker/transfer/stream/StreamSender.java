package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.peer.Upload;
import io.flocker.http.peer.UploadListener;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends what a child writes to its stdout as the body of one request. Any thread may ask and
 * cancel; the rest is for the peer client to call, on the upload's event loop.
 *
 * <p>The child is started once the peer has accepted the request's head.
 */
public final class StreamSender implements UploadListener {
  private final ChildStarter starter;
  private final TransferSettings settings;
  private final ByteBufAllocator allocator;
  private final StreamMeter meter = new StreamMeter();
  private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
  private volatile long takenBytes;
  private volatile @Nullable FailureException ending;
  private volatile @Nullable SentBody body;

  /** Prepares the sending of one stream. */
  public StreamSender(ChildStarter starter, TransferSettings settings, ByteBufAllocator allocator) {
    this.starter = starter;
    this.settings = settings;
    this.allocator = allocator;
  }

  /** Completes on a virtual thread, once the child has ended. */
  public CompletionStage<SendOutcome> outcome() {
    return outcome.minimalCompletionStage();
  }

  /** How many bytes have been sent so far. */
  public long bytesSent() {
    return meter.bytes();
  }

  /** How many bytes the peer says it has taken so far. */
  public long bytesTaken() {
    return takenBytes;
  }

  /** Whether all bytes have left, and the peer has to prove what it made of them. */
  public boolean isSentWhole() {
    SentBody sent = body;
    return sent != null && sent.isSentWhole();
  }

  /** Ends the child and cuts the connection, unless the peer has answered. */
  public void cancel() {
    end(TransferFailure.CANCELLED.because("cancelled after " + bytesSent() + " bytes"));
  }

  /** The same for another reason. */
  public void end(FailureException why) {
    ending = why; // Before the body is looked for: accepted() does it the other way round.
    SentBody sent = body;
    if (sent == null) {
      complete(new SendOutcome.Failed(why, 0));
    } else {
      sent.cancel(why);
    }
  }

  @Override
  public void accepted(Upload upload) {
    SentBody sent = new SentBody(upload, starter, settings, allocator, meter, outcome);
    body = sent;
    FailureException why = ending;
    if (why != null) {
      sent.cancel(why);
    } else {
      sent.begin();
    }
  }

  @Override
  public void writabilityChanged() {
    SentBody sent = body;
    if (sent != null) {
      sent.writabilityChanged();
    }
  }

  @Override
  public void interim(Map<String, String> headers) {
    TakenHeader.in(headers).ifPresent(taken -> takenBytes = taken);
    SentBody sent = body;
    if (sent != null) {
      sent.peerSpoke();
    }
  }

  @Override
  public void response(int status, JsonNode answer) {
    SentBody sent = body;
    if (sent == null) {
      complete(new SendOutcome.Answered(status, answer, Optional.empty(), 0, Optional.empty()));
    } else {
      sent.answered(status, answer);
    }
  }

  @Override
  public void failed(FailureException failure) {
    SentBody sent = body;
    if (sent == null) {
      complete(new SendOutcome.Failed(failure, 0));
    } else {
      sent.fail(failure);
    }
  }

  /** Whoever waits for the outcome may block, which the calling event loop must not. */
  private void complete(SendOutcome ended) {
    Thread.ofVirtual().name("stream-outcome").start(() -> outcome.complete(ended));
  }
}
