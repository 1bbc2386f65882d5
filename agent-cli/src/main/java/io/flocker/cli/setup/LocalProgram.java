package io.flocker.cli.setup;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.log.ActionType;
import io.flocker.core.process.Asked;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Output;
import io.flocker.core.process.StuckChildren;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program of this machine, run to its end with the variables of this process and without input.
 * Any thread; blocks.
 *
 * @param deadline for one run, after which the program is ended
 */
record LocalProgram(Path path, Duration deadline) {
  /**
   * Runs it.
   *
   * @return what it has said and how it ended, whatever its exit status
   * @throws FailureException if it cannot be started or does not end in time, as its detail says
   */
  Output run(List<String> arguments) throws FailureException {
    List<String> argv = Stream.concat(Stream.of(path.toString()), arguments.stream()).toList();
    StringBuilder stdout = new StringBuilder();
    Output ended =
        commands().run(argv, variables(), deadline, line -> stdout.append(line).append('\n'));
    return new Output(ended.exit(), stdout.toString(), ended.stderr());
  }

  /**
   * Its locale too: what it is given and prints may have any letter, where other children have C.
   */
  private static Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.putIfAbsent("LC_ALL", ""); // As good as none (setlocale(3)).
    return variables;
  }

  private Commands commands() {
    // Commands of flocker have no log, and pass on nothing of a failure but its detail: the types
    // here are seen by nobody.
    Asked asked =
        new Asked(
            String.valueOf(path.getFileName()),
            ActionType.HOOK,
            RequestFailure.INTERNAL_ERROR,
            RequestFailure.INTERNAL_ERROR,
            RequestFailure.INTERNAL_ERROR);
    return new Commands(
        new Launch(asked, "running " + path), 1, new StuckChildren(), CommandObserver.NONE);
  }
}
