package io.flocker.cli.setup;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.Output;
import io.flocker.core.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program {@code flocker-ca}, which has what {@code flocker} lacks to issue certificates. Any
 * thread.
 *
 * @param program where it is
 */
public record CaProgram(Path program) {
  /** Where {@code flocker init} makes the authority: a folder of root's alone. */
  public static final Path AUTHORITY = Path.of("/etc/flocker-ca");

  private static final String NAME = "flocker-ca";

  /** For a Java to start and a key to be made where there is much else to do. */
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  /** The one beside this program, whose launcher says where that is; else that of the PATH. */
  public static CaProgram beside() {
    String home = System.getProperty("flocker.home");
    return new CaProgram(
        home == null ? Programs.find(NAME) : Path.of(home).resolve("bin").resolve(NAME));
  }

  /**
   * Starts a command of it, whose errors go where ours do.
   *
   * @param longest after which it is killed
   * @throws SetupException if it cannot be started
   */
  public Process start(List<String> arguments, Duration longest) throws SetupException {
    List<String> command =
        Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
    try {
      Process child =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var _ =
          child
              .onExit()
              .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete((_, late) -> {
                if (late != null) {
                  child.destroyForcibly();
                }
              });
      return child;
    } catch (IOException e) {
      throw new SetupException("%s cannot be run: %s".formatted(program, e.getMessage()), e);
    }
  }

  /**
   * Runs a command of it to its end, and tells its errors where ours go.
   *
   * @throws SetupException if it fails, having said why, or does not end within five minutes
   */
  public void run(List<String> arguments) throws SetupException {
    Output ended;
    try {
      ended = new LocalProgram(program, DEADLINE).run(arguments);
    } catch (FailureException e) {
      throw new SetupException(e.detail(), e);
    }
    System.err.print(ended.stderr());
    if (!ended.isSuccess()) {
      throw new SetupException("'flocker-ca %s' has failed".formatted(arguments.getFirst()));
    }
  }
}
