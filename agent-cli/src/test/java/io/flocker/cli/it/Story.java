package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happens to a volume of two nodes and what has to be found, as a text that {@link Stage}
 * plays.
 *
 * @param name of its file, with what stands for its words in capitals
 * @param steps one a line
 */
record Story(String name, List<String> steps) {
  private static final String CHOICE = "for ";

  Story {
    steps = List.copyOf(steps);
  }

  /** All stories of a folder, by name. */
  static List<Story> in(Path folder) throws IOException {
    List<Story> stories = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".story")).sorted().toList()) {
        stories.addAll(read(file));
      }
    }
    return stories;
  }

  /**
   * The stories of a file: a line {@code for WORD: a, b} makes one for {@code a} and one for {@code
   * b}, which stand for the word in the other lines. Empty lines and those after {@code #} say
   * nothing.
   */
  private static List<Story> read(Path file) throws IOException {
    List<String> lines =
        Files.readAllLines(file, UTF_8).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    String title = file.getFileName().toString().replace(".story", "").replace('-', ' ');
    List<String> steps = lines.stream().filter(line -> !line.startsWith(CHOICE)).toList();
    List<Story> stories = List.of(new Story(title, steps));
    for (String choice : lines.stream().filter(line -> line.startsWith(CHOICE)).toList()) {
      int colon = choice.indexOf(':');
      String word = choice.substring(CHOICE.length(), colon);
      List<String> meanings = List.of(choice.substring(colon + 1).strip().split(", *"));
      stories =
          stories.stream()
              .flatMap(story -> meanings.stream().map(meaning -> story.with(word, meaning)))
              .toList();
    }
    return stories;
  }

  private Story with(String word, String meaning) {
    String mentioned = "\\b" + word + "\\b";
    return new Story(
        name + ", " + meaning,
        steps.stream().map(step -> step.replaceAll(mentioned, meaning)).toList());
  }
}
