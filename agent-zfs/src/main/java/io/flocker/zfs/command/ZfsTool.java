package io.flocker.zfs.command;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.process.Commands;
import io.flocker.core.process.LineConsumer;
import io.flocker.core.process.Output;
import io.flocker.core.process.Subject;
import io.flocker.zfs.failure.Wording;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One of the two programs, {@code zfs} or {@code zpool}. Any thread may call; use a virtual one.
 */
public final class ZfsTool {
  private final Path program;
  private final Commands commands;
  private final Duration deadline;
  private final List<String> poolQuestion;

  private ZfsTool(Path program, Commands commands, Duration deadline, List<String> poolQuestion) {
    this.program = program;
    this.commands = commands;
    this.deadline = deadline;
    this.poolQuestion = poolQuestion;
  }

  /**
   * The program {@code zfs}.
   *
   * @param pool whose datasets it is asked about
   * @param deadline for commands that only ask or set
   */
  public static ZfsTool zfs(Path program, Commands commands, Duration deadline, String pool) {
    return new ZfsTool(
        program, commands, deadline, List.of("get", "-Hp", "-o", "value", "guid", pool));
  }

  /**
   * The program {@code zpool}.
   *
   * @param named the pool that it is asked about
   * @param deadline for commands that only ask or set
   */
  public static ZfsTool zpool(Path program, Commands commands, Duration deadline, String named) {
    return new ZfsTool(program, commands, deadline, List.of("list", "-H", "-o", "name", named));
  }

  /** Program and arguments, for children that others start. */
  public List<String> argv(List<String> arguments) {
    return Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
  }

  /** What the command says, whatever its exit status is. */
  public Output ask(String... arguments) throws FailureException {
    return commands.run(argv(List.of(arguments)), deadline);
  }

  /** The stdout of a command that must succeed. */
  public String run(String... arguments) throws FailureException {
    return run(deadline, List.of(arguments));
  }

  /** The stdout of a command that must succeed, by another deadline. */
  public String run(Duration otherDeadline, List<String> arguments) throws FailureException {
    List<String> argv = argv(arguments);
    Output output = commands.run(argv, otherDeadline);
    if (!output.isSuccess()) {
      throw failure(argv, output);
    }
    return output.stdout();
  }

  /** Has {@code lines} take the stdout of a command that must succeed, as it comes. */
  public void read(LineConsumer lines, List<String> arguments) throws FailureException {
    List<String> argv = argv(arguments);
    Output output = commands.run(argv, deadline, lines);
    if (!output.isSuccess()) {
      throw failure(argv, output);
    }
  }

  /** Runs a command for which the failures {@code tolerated} mean that there is nothing to do. */
  public void runTolerating(Set<Failure> tolerated, String... arguments) throws FailureException {
    try {
      String _ = run(arguments);
    } catch (FailureException e) {
      if (!tolerated.contains(e.failure())) {
        throw e;
      }
    }
  }

  /** What a command that did not succeed means. */
  private FailureException failure(List<String> argv, Output output) throws FailureException {
    String words = output.stderr().strip();
    Failure failure = Wording.meaning(words).orElse(StorageFailure.ZFS_FAILED);
    if (failure == StorageFailure.DATASET_NOT_FOUND && isPoolAway()) {
      failure = StorageFailure.POOL_UNAVAILABLE;
    }
    return failure
        .because(detail(Subject.of(argv), output))
        .with("exit", output.exit())
        .with("stderr", words);
  }

  /** Of a pool that is not imported ZFS says the same as of a dataset that is not there. */
  private boolean isPoolAway() throws FailureException {
    return !commands.run(argv(poolQuestion), deadline).isSuccess();
  }

  private static String detail(String subject, Output output) {
    String reason = Wording.summary(output.stderr());
    if (reason.isEmpty()) {
      return "ZFS " + output.ending() + " for " + subject + " and did not say why";
    }
    return reason.contains(subject) ? reason : subject + ": " + reason;
  }
}
