package io.flocker.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What every harness does first and last: it reads its command line, and has a folder of its own.
 */
public final class Harness {
  private static final int WRONG_COMMAND_LINE = 2;

  private Harness() {}

  /** What is done in between. */
  @FunctionalInterface
  public interface Body {
    void run(Path folder) throws Exception;
  }

  /**
   * Runs {@code body} in a temporary folder; ends the process where the command line is wrong.
   *
   * @param options an annotated command, which takes the command line
   */
  public static void run(Object options, Body body, String... arguments) throws Exception {
    CommandLine line = new CommandLine(options);
    try {
      var _ = line.parseArgs(arguments);
    } catch (ParameterException e) {
      String name = line.getCommandName();
      System.err.println(name + ": " + e.getMessage() + "; see benchmarks/" + name + " --help");
      System.exit(WRONG_COMMAND_LINE);
    }
    try (Folder folder =
        new Folder(Files.createTempDirectory("flockerd-" + line.getCommandName()))) {
      body.run(folder.path());
    }
  }

  /** Says a line on stdout at once. */
  public static void say(String line) {
    System.out.writeBytes((line + "\n").getBytes(UTF_8));
    System.out.flush();
  }

  private record Folder(Path path) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
