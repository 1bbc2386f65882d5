package io.flocker.zfs.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.Pipe;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StderrTail;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.process.Termination;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A child at one end of a sized pipe. Any thread may call. */
public final class StreamChild implements Child {
  /** How long stderr is read after the child's end: a grandchild may keep it open for ever. */
  private static final Duration STDERR_GRACE = Duration.ofSeconds(1);

  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

  private final Direction direction;
  private final String command;
  private final Process process;
  private final Pipe pipe;
  private final StderrTail stderr;
  private final Termination termination;
  private final CompletableFuture<Exit> exit;

  private StreamChild(
      Direction direction, List<String> argv, Process process, Pipe pipe, StuckChildren stuck) {
    this.direction = direction;
    this.command = String.join(" ", argv);
    this.process = process;
    this.pipe = pipe;
    this.stderr = StderrTail.of(process.getErrorStream());
    this.termination = new Termination(process, command, stuck, Termination.GRACE);
    this.exit = process.onExit().thenCompose(this::whenWordsAreIn);
  }

  /**
   * Starts a child whose stdout we read.
   *
   * @param pipeBytes wanted capacity of the pipe
   */
  public static StreamChild sending(
      Launch launch, List<String> argv, int pipeBytes, StuckChildren stuck)
      throws FailureException {
    try {
      Pipe pipe = Pipe.fromChild(pipeBytes);
      ProcessBuilder builder =
          launch.of(argv).redirectInput(NOTHING).redirectOutput(pipe.asStdout());
      return start(Direction.SENDING, argv, launch, builder, pipe, stuck);
    } catch (IOException e) {
      throw noPipe(argv, e);
    }
  }

  /**
   * Starts a child whose stdin we write.
   *
   * @param pipeBytes wanted capacity of the pipe
   */
  public static StreamChild receiving(
      Launch launch, List<String> argv, int pipeBytes, StuckChildren stuck)
      throws FailureException {
    try {
      Pipe pipe = Pipe.toChild(pipeBytes);
      ProcessBuilder builder =
          launch.of(argv).redirectInput(pipe.asStdin()).redirectOutput(Redirect.DISCARD);
      return start(Direction.RECEIVING, argv, launch, builder, pipe, stuck);
    } catch (IOException e) {
      throw noPipe(argv, e);
    }
  }

  private static StreamChild start(
      Direction direction,
      List<String> argv,
      Launch launch,
      ProcessBuilder builder,
      Pipe pipe,
      StuckChildren stuck)
      throws FailureException {
    try {
      Process process = launch.start(builder);
      pipe.closeChildEnd();
      Action.message(MessageType.CHILD_STARTED, Map.of("pid", process.pid(), "argv", argv));
      return new StreamChild(direction, argv, process, pipe, stuck);
    } catch (FailureException | RuntimeException e) {
      pipe.close();
      throw e;
    }
  }

  private static FailureException noPipe(List<String> argv, IOException cause) {
    return StorageFailure.ZFS_UNAVAILABLE
        .because("no pipe for " + argv.getFirst() + ": " + cause.getMessage())
        .causedBy(cause);
  }

  /** How the child ended, told once its stderr is read, or a grace after that end. */
  private CompletionStage<Exit> whenWordsAreIn(Process ended) {
    return stderr
        .drained()
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, STDERR_GRACE.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(_ -> new Exit(ended.exitValue()));
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public String command() {
    return command;
  }

  @Override
  public long pid() {
    return process.pid();
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
    return stderr.text();
  }

  @Override
  public void end() {
    termination.begin();
  }

  @Override
  public void close() {
    pipe.close();
    try {
      // Listed if it did not end: an unkillable child is a state, not a hang.
      boolean _ = termination.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
