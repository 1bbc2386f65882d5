package io.flocker.cli.command;

import io.flocker.cli.console.OutputPipe;
import io.flocker.cli.console.Terminal;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command finds around it: variables, files, output.
 *
 * @param variables the environment
 * @param folder where a node keeps its certificates and its {@code flockerd.yml}
 * @param out for answers and progress
 * @param err for errors, and for what people are told of meanwhile where programs read the answer
 * @param terminal where {@code out} goes
 */
public record CommandEnvironment(
    Map<String, String> variables,
    Path folder,
    PrintWriter out,
    PrintWriter err,
    Terminal terminal) {
  /** Those of this process. */
  public static CommandEnvironment ofProcess() {
    return new CommandEnvironment(
        System.getenv(),
        Path.of("/etc/flocker"),
        writer(FileDescriptor.out, System.out),
        writer(FileDescriptor.err, System.err),
        Terminal.ofProcess());
  }

  /** Past the stream of the JDK, which keeps to itself that nothing can be written. */
  private static PrintWriter writer(FileDescriptor descriptor, PrintStream usual) {
    OutputPipe pipe = new OutputPipe(new FileOutputStream(descriptor), CommandEnvironment::end);
    return new PrintWriter(
        new OutputStreamWriter(new BufferedOutputStream(pipe), usual.charset()), true);
  }

  /** Ends the program as soon as nobody can read what it prints, even if it prints nothing. */
  void endOnceUnread() {
    terminal.onUnread(() -> Runtime.getRuntime().halt(ExitCode.UNREAD));
  }

  /** Whoever stops to read, as {@code head} does, has what he wanted: not a word about that. */
  private static void end(IOException why) {
    boolean isUnread = "Broken pipe".equals(why.getMessage()); // strerror(3) of EPIPE
    if (!isUnread) {
      System.err.println("flocker: the output cannot be written: " + why.getMessage());
    }
    Runtime.getRuntime().halt(isUnread ? ExitCode.UNREAD : ExitCode.FAILED);
  }
}
