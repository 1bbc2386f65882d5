package io.flocker.cli.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of this JDK in children; the generator of API clients is one that Maven brings. */
public final class Generator {
  /** The generator, which bears the libraries of the clients that it makes. */
  public static final Path JAR =
      Path.of("target", "tools", "openapi-generator.jar").toAbsolutePath();

  private Generator() {}

  /** How a child ended, and what it said. */
  public record Ended(int status, String output) {}

  /** Runs the generator in {@code folder}, to its end. */
  public static Ended run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-jar", JAR.toString()));
    all.addAll(List.of(arguments));
    return program(folder, "java", all);
  }

  /** Runs a program of the JDK in {@code folder}, to its end. */
  public static Ended program(Path folder, String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    command.addAll(arguments);
    Path output = folder.resolve(name + ".out");
    Process child =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = child.waitFor();
    return new Ended(status, Files.readString(output));
  }
}
