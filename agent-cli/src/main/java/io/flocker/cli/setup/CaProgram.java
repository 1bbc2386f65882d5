package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  /** The one beside this program, whose launcher says where that is; else that of the PATH. */
  public static CaProgram beside() {
    String home = System.getProperty("flocker.home");
    return new CaProgram(
        home == null ? Programs.find(NAME) : Path.of(home).resolve("bin").resolve(NAME));
  }

  /**
   * Starts a command of it, whose errors go where ours do.
   *
   * @throws SetupException if it cannot be started
   */
  public Process start(List<String> arguments) throws SetupException {
    List<String> command =
        Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new SetupException("%s cannot be run: %s".formatted(program, e.getMessage()), e);
    }
  }

  /**
   * Runs a command of it.
   *
   * @return what it says
   * @throws SetupException if it fails; it has said why
   */
  public String run(List<String> arguments) throws SetupException, InterruptedException {
    Process child = start(arguments);
    try {
      child.getOutputStream().close();
      String said = new String(child.getInputStream().readAllBytes(), UTF_8);
      if (child.waitFor() == 0) {
        return said;
      }
    } catch (IOException e) {
      throw new SetupException("%s cannot be heard: %s".formatted(program, e.getMessage()), e);
    } finally {
      child.destroy();
    }
    throw new SetupException("'flocker-ca %s' has failed".formatted(arguments.getFirst()));
  }
}
