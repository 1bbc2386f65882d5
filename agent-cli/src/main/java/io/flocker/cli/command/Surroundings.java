package io.flocker.cli.command;

import io.flocker.cli.console.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param variables the environment
 * @param folder where a node keeps its certificates and its {@code flockerd.yml}
 * @param out for answers and progress
 * @param err for errors alone
 * @param terminal where {@code out} goes
 */
public record Surroundings(
    Map<String, String> variables,
    Path folder,
    PrintWriter out,
    PrintWriter err,
    Terminal terminal) {
  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("/etc/flocker"),
        writer(System.out),
        writer(System.err),
        Terminal.ofProcess());
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
