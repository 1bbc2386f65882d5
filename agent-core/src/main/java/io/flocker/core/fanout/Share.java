package io.flocker.core.fanout;

import io.flocker.core.failure.FailureException;
import io.flocker.core.os.Descriptors;
import io.flocker.core.os.Pipe;
import io.flocker.core.os.PipeFill;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One reader's share of a child: looks like a child of its own, which is ended where the share is
 * given up. Any thread may call what {@link Child} has; the rest is for the thread that shares.
 */
final class Share implements Child {
  private final Child source;
  private final Pipe pipe;
  private final Runnable onClose;
  private final Consumer<FailureException> onLoss;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final int descriptor;
  private final PipeFill fill;
  final HoldUp holdUp;

  /** How many of the source's first bytes lie here already, or have been read. */
  long ahead;

  /** How many bytes have been passed on in all. */
  long passed;

  /**
   * A share of {@code source}.
   *
   * @param onClose is called once, by whoever closes this first
   * @param onLoss is told why, before this looks as if its child had been ended
   */
  Share(
      Child source,
      int pipeBytes,
      Duration patience,
      Runnable onClose,
      Consumer<FailureException> onLoss)
      throws IOException {
    this.source = source;
    this.onClose = onClose;
    this.onLoss = onLoss;
    this.pipe = Pipe.fromChild(pipeBytes);
    this.descriptor = pipe.takeChildEnd();
    this.fill = new PipeFill(descriptor);
    this.holdUp = new HoldUp(patience, System.nanoTime());
  }

  /** Where its bytes are written to. */
  int descriptor() {
    return descriptor;
  }

  /** Whether its reader has nothing to do. */
  boolean isIdle() throws IOException {
    return fill.unread() == 0;
  }

  /** It has all bytes, or gets no more; nothing is written any more. Once. */
  void endOfBytes() {
    Descriptors.close(descriptor);
  }

  /** Its child has ended, as far as its reader is concerned; the first end counts. */
  void ended(Exit how) {
    exit.complete(how);
  }

  /** Its reader gets no more, for that reason. */
  void lost(FailureException why) {
    onLoss.accept(why);
    ended(Exit.TERMINATED);
  }

  @Override
  public Direction direction() {
    return source.direction();
  }

  @Override
  public String command() {
    return source.command();
  }

  @Override
  public long pid() {
    return source.pid();
  }

  @Override
  public int takeDescriptor() {
    return pipe.take();
  }

  @Override
  public CompletionStage<Exit> exit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public String stderrTail() {
    return source.stderrTail();
  }

  @Override
  public void end() {
    ended(Exit.TERMINATED);
    pipe.close();
  }

  /** The child itself is ended where this was its last share. */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      end();
      onClose.run();
    }
  }
}
