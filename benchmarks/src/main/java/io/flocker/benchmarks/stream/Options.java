package io.flocker.benchmarks.stream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the harness; {@code benchmarks/stream} says what each option means. */
@Command(name = "stream")
final class Options {
  /** A number of bytes, such as 64m or 8g. */
  static final class Size implements ITypeConverter<Long> {
    private static final long KIB = 1 << 10;

    @Override
    public Long convert(String text) {
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

  @Option(names = "--size", converter = Size.class)
  private long bytes = 8L << 30;

  @Option(names = "--rounds")
  private int rounds = 5;

  @Option(names = "--streams")
  private int streams = 1;

  @Option(names = "--rivals")
  private String rivals = "ssh,socat-tls,socat-tcp,stunnel,mbuffer,nginx,nc";

  @Option(names = "--recorded")
  private Optional<Path> recording = Optional.empty();

  @Option(names = "--pool")
  private boolean isOfPool;

  @Option(names = "--json")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--readme")
  private Optional<Path> readme = Optional.empty();

  @Option(names = "--scenes")
  private String scenes = "none";

  @Option(names = "--engine")
  private String engine = "AUTO";

  @Parameters private List<String> java = List.of();

  /** Of one stream. */
  long bytes() {
    return recording.map(file -> file.toFile().length()).orElse(bytes);
  }

  int rounds() {
    return rounds;
  }

  /** How many run at once. */
  int streams() {
    return streams;
  }

  /** Whom to run beside us; the plain pipe always is. */
  List<String> rivals() {
    return list(rivals);
  }

  /** A recorded {@code zfs send} in place of zeros. */
  Optional<Path> recording() {
    return recording;
  }

  /** Whether the streams are of a real pool, and go into one. */
  boolean isOfPool() {
    return isOfPool;
  }

  /** Where the figures go. */
  Optional<Path> json() {
    return json;
  }

  /** The document whose marked part becomes this run's. */
  Optional<Path> readme() {
    return readme;
  }

  /** What to run after the comparison, see {@link Scenes}. */
  List<String> scenes() {
    return list(scenes);
  }

  /** What does TLS in our agents. */
  String engine() {
    return engine;
  }

  /** Command and options of our agents. */
  List<String> java() {
    return java;
  }

  private static List<String> list(String value) {
    List<String> names = new ArrayList<>(List.of(value.split(",", -1)));
    names.removeIf(String::isEmpty);
    names.remove("none");
    return List.copyOf(names);
  }
}
