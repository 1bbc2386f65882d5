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
    String title = file.getFileName().toString().replace(".story", "").replace('-', ' ');
    List<Story> stories = List.of(new Story(title, List.of()));
    for (String line : Files.readAllLines(file, UTF_8)) {
      String step = line.strip();
      if (step.startsWith(CHOICE)) {
        String word = step.substring(CHOICE.length(), step.indexOf(':'));
        List<String> choices = List.of(step.substring(step.indexOf(':') + 1).strip().split(", *"));
        stories =
            stories.stream()
                .flatMap(story -> choices.stream().map(choice -> story.with(word, choice)))
                .toList();
      } else if (!step.isEmpty() && !step.startsWith("#")) {
        stories = stories.stream().map(story -> story.then(step)).toList();
      }
    }
    return stories.stream().map(Story::resolved).toList();
  }

  /** Choices are kept as steps until all lines are read. */
  private Story with(String word, String choice) {
    return new Story(name + ", " + choice, plus("=" + word + "=" + choice));
  }

  private Story then(String step) {
    return new Story(name, plus(step));
  }

  private List<String> plus(String step) {
    return Stream.concat(steps.stream(), Stream.of(step)).toList();
  }

  private Story resolved() {
    List<String> texts = new ArrayList<>();
    List<String[]> words = new ArrayList<>();
    for (String step : steps) {
      if (step.startsWith("=")) {
        words.add(step.substring(1).split("=", 2));
      } else {
        String text = step;
        for (String[] word : words) {
          text = text.replaceAll("\\b" + word[0] + "\\b", word[1]);
        }
        texts.add(text);
      }
    }
    return new Story(name, texts);
  }
}
