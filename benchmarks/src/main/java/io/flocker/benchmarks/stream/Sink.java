package io.flocker.benchmarks.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.StreamInspector;
import io.flocker.transfer.stream.ChildStarter;
import io.flocker.transfer.stream.Received;
import io.flocker.transfer.stream.Reception;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Takes whatever comes, and tells when its child was given the first of it. */
final class Sink implements Reception {
  /** Member of the answer: {@link System#nanoTime}, which all processes of a machine share. */
  static final String FIRST_BYTE = "firstByte";

  private final ChildStarter starter;
  private volatile long firstByteNanos;

  Sink(ChildStarter starter) {
    this.starter = starter;
  }

  @Override
  public StreamInspector inspector() {
    return new Unjudged();
  }

  @Override
  public Child start() throws FailureException {
    return new TimedChild(starter.start());
  }

  @Override
  public void progress(long bytes) {
    // Nobody asks.
  }

  @Override
  public Object received(Received stream) {
    return Map.of(FIRST_BYTE, firstByteNanos);
  }

  @Override
  public FailureException failed(FailureException why) {
    return why;
  }

  private static final class Unjudged implements StreamInspector {
    @Override
    public void inspect(ByteBuffer bytes) {
      // Zeros are as good as anything.
    }

    @Override
    public boolean hasBegun() {
      return true;
    }

    @Override
    public void end() {
      // Any end will do.
    }
  }

  /** The receiver takes the descriptor and fills the pipe in one go. */
  private final class TimedChild implements Child {
    private final Child child;

    TimedChild(Child child) {
      this.child = child;
    }

    @Override
    public int takeDescriptor() {
      firstByteNanos = System.nanoTime();
      return child.takeDescriptor();
    }

    @Override
    public Direction direction() {
      return child.direction();
    }

    @Override
    public String command() {
      return child.command();
    }

    @Override
    public long pid() {
      return child.pid();
    }

    @Override
    public CompletionStage<Exit> exit() {
      return child.exit();
    }

    @Override
    public String stderrTail() {
      return child.stderrTail();
    }

    @Override
    public void end() {
      child.end();
    }

    @Override
    public void close() {
      child.close();
    }
  }
}
