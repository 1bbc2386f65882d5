package io.flocker.benchmarks.stream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the harness.
 *
 * @param bytes of one stream
 * @param rivals whom to run beside us; the plain pipe always is
 * @param recording a recorded {@code zfs send} in place of zeros
 * @param json where the figures go
 * @param readme the document whose marked part becomes this run's
 * @param scenes what to run after the comparison, see {@link Scenes}
 * @param engine what does TLS in our agents
 * @param java command and options of our agents
 */
record Options(
    long bytes,
    int rounds,
    int streams,
    List<String> rivals,
    Optional<Path> recording,
    Optional<Path> json,
    Optional<Path> readme,
    List<String> scenes,
    String engine,
    List<String> java) {
  /** Whom we are held against unless the command line says otherwise. */
  static final List<String> RIVALS =
      List.of("ssh", "socat-tls", "socat-tcp", "stunnel", "mbuffer", "nginx");

  private static final long KIB = 1 << 10;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it is wrong, saying how
   */
  static Options parse(List<String> arguments) {
    int split = arguments.indexOf("--");
    if (split < 0) {
      throw new IllegalArgumentException("the command of the agents comes after --");
    }
    Options options =
        new Options(
            8 * KIB * KIB * KIB,
            5,
            1,
            RIVALS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            "AUTO",
            List.copyOf(arguments.subList(split + 1, arguments.size())));
    for (int i = 0; i < split; i += 2) {
      if (i + 1 == split) {
        throw new IllegalArgumentException(arguments.get(i) + " takes a value");
      }
      options = options.with(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--size" ->
          new Options(
              size(value), rounds, streams, rivals, recording, json, readme, scenes, engine, java);
      case "--rounds" ->
          new Options(
              bytes,
              Integer.parseInt(value),
              streams,
              rivals,
              recording,
              json,
              readme,
              scenes,
              engine,
              java);
      case "--streams" ->
          new Options(
              bytes,
              rounds,
              Integer.parseInt(value),
              rivals,
              recording,
              json,
              readme,
              scenes,
              engine,
              java);
      case "--rivals" ->
          new Options(
              bytes, rounds, streams, list(value), recording, json, readme, scenes, engine, java);
      case "--recorded" ->
          new Options(
              bytes,
              rounds,
              streams,
              rivals,
              Optional.of(Path.of(value)),
              json,
              readme,
              scenes,
              engine,
              java);
      case "--json" ->
          new Options(
              bytes,
              rounds,
              streams,
              rivals,
              recording,
              Optional.of(Path.of(value)),
              readme,
              scenes,
              engine,
              java);
      case "--readme" ->
          new Options(
              bytes,
              rounds,
              streams,
              rivals,
              recording,
              json,
              Optional.of(Path.of(value)),
              scenes,
              engine,
              java);
      case "--scenes" ->
          new Options(
              bytes, rounds, streams, rivals, recording, json, readme, list(value), engine, java);
      case "--engine" ->
          new Options(bytes, rounds, streams, rivals, recording, json, readme, scenes, value, java);
      default -> throw new IllegalArgumentException("there is no option " + name);
    };
  }

  private static List<String> list(String value) {
    List<String> names = new ArrayList<>(List.of(value.split(",", -1)));
    names.removeIf(String::isEmpty);
    names.remove("none");
    return List.copyOf(names);
  }

  /** A number of bytes, such as 64m or 8g. */
  private static long size(String text) {
    String number = text.replaceFirst("[kmgKMG]$", "");
    long factor =
        switch (Character.toLowerCase(text.charAt(text.length() - 1))) {
          case 'k' -> KIB;
          case 'm' -> KIB * KIB;
          case 'g' -> KIB * KIB * KIB;
          default -> 1;
        };
    return Long.parseLong(number) * factor;
  }
}
