package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands and waits for what they say: few at once, each with a deadline. Any thread may
 * call; use a virtual one.
 *
 * <p>A permit is given back when its child has ended, not when we stop to wait for it: stuck
 * children must not pile up.
 */
public final class Commands {
  /** Of what is kept as a text; a listing, whose length nobody knows, is read line by line. */
  static final int MAX_STDOUT_BYTES = 1 << 20;

  /** How long pipes are read after the end of the child: a grandchild may hold them for ever. */
  private static final Duration DRAIN_GRACE = Duration.ofSeconds(5);

  private static final Stdin NOTHING = new Stdin("");

  private final Asked asked;
  private final Launch launch;
  private final Semaphore permits;
  private final int limit;
  private final StuckChildren stuck;
  private final CommandObserver observer;

  /**
   * A runner.
   *
   * @param launch starts its commands
   * @param limit how many commands may run at once
   */
  public Commands(Launch launch, int limit, StuckChildren stuck, CommandObserver observer) {
    this.asked = launch.asked();
    this.launch = launch;
    this.permits = new Semaphore(limit);
    this.limit = limit;
    this.stuck = stuck;
    this.observer = observer;
  }

  /**
   * Runs {@code argv} to its end.
   *
   * @param deadline for all of it, waiting for a permit included
   * @throws FailureException one of those of {@link Asked} if it cannot be started, does not end in
   *     time, or says too much; an exit status is never a failure here
   */
  public Output run(List<String> argv, Duration deadline) throws FailureException {
    return runAndRead(argv, NOTHING, deadline, stdout -> text(stdout, MAX_STDOUT_BYTES));
  }

  /**
   * The same for a command that reads.
   *
   * @param stdin all that it is given; it may end before it has read that
   * @param maxBytes of what is kept of its stdout
   */
  public Output run(List<String> argv, String stdin, int maxBytes, Duration deadline)
      throws FailureException {
    return runAndRead(argv, new Stdin(stdin), deadline, stdout -> text(stdout, maxBytes));
  }

  /**
   * The same for a command that may say any amount: {@code lines} takes it as it comes, on another
   * thread, and has taken all of it when this returns. Nothing of it is in the output.
   */
  public Output run(List<String> argv, Duration deadline, LineConsumer lines)
      throws FailureException {
    return runAndRead(argv, NOTHING, deadline, stdout -> StdoutLines.of(asked, stdout, lines));
  }

  /**
   * The same for what is no text: {@code blocks} takes it as it comes, on another thread, and has
   * taken all of it when this returns.
   */
  public Output run(List<String> argv, Duration deadline, BlockConsumer blocks)
      throws FailureException {
    return runAndRead(argv, NOTHING, deadline, stdout -> StdoutBlocks.of(stdout, blocks));
  }

  /**
   * The same with variables in its environment beside those that every child has; they are not
   * logged.
   */
  public Output run(
      List<String> argv, Map<String, String> environment, Duration deadline, LineConsumer lines)
      throws FailureException {
    return runAndRead(
        argv, environment, NOTHING, deadline, stdout -> StdoutLines.of(asked, stdout, lines));
  }

  /** About how many wait until they may run. */
  public int waiting() {
    return permits.getQueueLength();
  }

  /** Starts to read a child's stdout. */
  private interface Reading {
    Stdout of(InputStream stdout);
  }

  private Stdout text(InputStream stdout, int maxBytes) {
    return StdoutText.of(asked, stdout, maxBytes);
  }

  private Output runAndRead(List<String> argv, Stdin stdin, Duration deadline, Reading reading)
      throws FailureException {
    return runAndRead(argv, Map.of(), stdin, deadline, reading);
  }

  private Output runAndRead(
      List<String> argv,
      Map<String, String> environment,
      Stdin stdin,
      Duration deadline,
      Reading reading)
      throws FailureException {
    Action action = Action.start(asked.action(), Map.of("argv", asked.told(argv)));
    long begunNanos = System.nanoTime();
    try {
      Output output = runPermitted(argv, environment, stdin, deadline, reading);
      action.succeed(Map.of("exit", output.exit()));
      return output;
    } catch (FailureException | RuntimeException e) {
      action.fail(e);
      throw e;
    } finally {
      observer.ran(name(asked.told(argv)), Duration.ofNanos(System.nanoTime() - begunNanos));
    }
  }

  private static String name(List<String> argv) {
    String program = argv.getFirst().substring(argv.getFirst().lastIndexOf('/') + 1);
    return argv.size() == 1 ? program : program + " " + argv.get(1);
  }

  private Output runPermitted(
      List<String> argv,
      Map<String, String> environment,
      Stdin stdin,
      Duration deadline,
      Reading reading)
      throws FailureException {
    try {
      if (!permits.tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw asked
            .late()
            .because(
                "%s was not asked about %s: it had not answered %d other questions after %d s"
                    .formatted(
                        asked.name(), Subject.of(asked.told(argv)), limit, deadline.toSeconds()));
      }
    } catch (InterruptedException e) {
      throw interrupted(argv, e);
    }
    Process process;
    try {
      ProcessBuilder builder = launch.of(argv).redirectInput(stdin.source());
      builder.environment().putAll(environment);
      process = launch.start(builder);
    } catch (FailureException | RuntimeException e) {
      permits.release();
      throw e;
    }
    var _ = process.onExit().thenRun(permits::release);
    stdin.writeTo(process);
    return await(process, argv, deadline, reading);
  }

  private Output await(Process process, List<String> argv, Duration deadline, Reading reading)
      throws FailureException {
    String subject = Subject.of(asked.told(argv));
    Stdout stdout = reading.of(process.getInputStream());
    StderrTail stderr = StderrTail.of(process.getErrorStream());
    Termination termination =
        new Termination(process, String.join(" ", asked.told(argv)), stuck, Termination.GRACE);
    try {
      if (!process.waitFor(deadline)) {
        boolean hasEnded = termination.await();
        throw asked
            .late()
            .because(
                "%s did not answer about %s within %d s%s"
                    .formatted(
                        asked.name(),
                        subject,
                        deadline.toSeconds(),
                        hasEnded ? "" : ", and its process cannot be killed"))
            .with("stderr", stderr.text());
      }
      awaitDrained(stdout.drained());
      awaitDrained(stderr.drained().toCompletableFuture());
    } catch (InterruptedException e) {
      termination.begin();
      throw interrupted(argv, e);
    }
    if (!stdout.drained().isDone()) {
      throw asked
          .late()
          .because(
              "what %s says about %s has no end: another process keeps the output open"
                  .formatted(asked.name(), subject));
    }
    return new Output(process.exitValue(), text(subject, stdout), stderr.text());
  }

  private String text(String subject, Stdout stdout) throws FailureException {
    try {
      return stdout.text();
    } catch (FailureException e) {
      throw e.failure() == asked.unreadable()
          ? e.failure().because(subject + ": " + e.detail()).causedBy(e)
          : e;
    }
  }

  private static void awaitDrained(CompletableFuture<Void> drained) {
    drained.copy().completeOnTimeout(null, DRAIN_GRACE.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private FailureException interrupted(List<String> argv, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return TransferFailure.CANCELLED
        .because(
            "what was asked of %s about %s was interrupted"
                .formatted(asked.name(), Subject.of(asked.told(argv))))
        .causedBy(cause);
  }
}
