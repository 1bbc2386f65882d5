package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.net.SharedBudget;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A JSON request, and the thread that waits for its answer. */
final class PendingCall implements PeerExchange {
  /** What may be said twice (RFC 9110, section 9.2.2). */
  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE);

  private final PeerAddress peer;
  private final HttpMethod method;
  private final String path;
  private final Map<String, String> headers;
  private final ByteBuffer body;
  private final ConnectionPool pool;
  private final CompletableFuture<RawAnswer> answer = new CompletableFuture<>();
  private @Nullable PeerConnection connection;
  private boolean isRetried;

  /** Whether somebody has the answer, and closes it. */
  private volatile boolean isTaken;

  /** When the peer was heard last, or the call began. */
  private volatile long heardNanos;

  PendingCall(
      PeerAddress peer,
      HttpMethod method,
      String path,
      Map<String, String> headers,
      ByteBuffer body,
      ConnectionPool pool) {
    this.peer = peer;
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.pool = pool;
  }

  /**
   * Sends the request and waits for its answer, for as long as the peer says that it is at work.
   * Any thread but an event loop.
   *
   * @param silence how long the peer may say nothing at all
   * @return to be closed by the caller once it is read
   */
  RawAnswer await(Duration silence) throws FailureException {
    heardNanos = System.nanoTime();
    pool.loop().execute(() -> pool.run(this));
    try {
      while (true) {
        long leftNanos = heardNanos + silence.toNanos() - System.nanoTime();
        try {
          RawAnswer whole = answer.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
          isTaken = true;
          return whole;
        } catch (TimeoutException _) {
          if (System.nanoTime() - heardNanos >= silence.toNanos()) {
            throw silent(silence);
          }
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FailureException failure) {
        throw failure;
      }
      throw new IllegalStateException("a call failed with what is no failure", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("Nobody waits for " + method + " " + path + " any more.")
          .causedBy(e);
    } finally {
      pool.loop().execute(this::giveUp);
    }
  }

  private FailureException silent(Duration silence) {
    return TransferFailure.PEER_SILENT.because(
        "Node %s has not answered %s %s, nor said that it is at work, within %d ms."
            .formatted(peer.node(), method, path, silence.toMillis()));
  }

  @Override
  public PeerAddress peer() {
    return peer;
  }

  @Override
  public boolean isOver() {
    return answer.isDone();
  }

  @Override
  public void begin(PeerConnection taken) {
    connection = taken;
    taken.write(Requests.call(peer, method, path, headers, body));
  }

  @Override
  public void proceed() {
    // Nothing waits for it: the body went with the head.
  }

  @Override
  public void interim(Map<String, String> ignored) {
    heardNanos = System.nanoTime(); // The final response is what counts; this one says: it lives.
  }

  @Override
  public void writabilityChanged() {
    // The request was written in one piece.
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public void response(int status, ByteBuffer bytes, SharedBudget.Payment payment) {
    connection = null;
    if (!answer.complete(new RawAnswer(status, bytes, payment))) {
      payment.close();
    }
  }

  @Override
  public void lost(FailureException failure, boolean isStale) {
    connection = null;
    if (isStale && !isRetried && IDEMPOTENT.contains(method)) {
      isRetried = true;
      pool.runAnew(this);
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /** A connection that still owes an answer cannot serve another call. */
  private void giveUp() {
    boolean isAnswered = !answer.cancel(false) && !answer.isCompletedExceptionally();
    if (isAnswered && !isTaken) {
      answer.join().close();
    }
    PeerConnection running = connection;
    connection = null;
    if (running != null) {
      running.close();
    }
  }

  /** A response whose body nobody has read yet. */
  record RawAnswer(int status, ByteBuffer body, SharedBudget.Payment payment)
      implements AutoCloseable {
    @Override
    public void close() {
      payment.close();
    }
  }
}
