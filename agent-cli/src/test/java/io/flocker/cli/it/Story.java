package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
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

  /** A story of this line is told only where all are. */
  private static final String BY_HAND = "by hand";

  private static final int STRIDE = 12;

  Story {
    steps = List.copyOf(steps);
  }

  /**
   * All stories of a folder, by name.
   *
   * @param lists what a line {@code for WORD: LIST} stands for
   * @param isWhole whether all are told, or of those of lists {@link #representatives}, and none of
   *     those that are to be told by hand
   */
  static List<Story> in(Path folder, Map<String, List<String>> lists, boolean isWhole)
      throws IOException {
    List<Story> stories = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".story")).sorted().toList()) {
        List<String> lines = lines(file);
        List<Story> told = read(file, lines, lists);
        boolean isOfLists = lines.stream().anyMatch(line -> isOfList(line, lists));
        if (isWhole || !lines.contains(BY_HAND)) {
          stories.addAll(isOfLists && !isWhole ? representatives(told) : told);
        }
      }
    }
    return stories;
  }

  /** Empty ones and those after {@code #} say nothing. */
  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, UTF_8).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  /**
   * The stories of a file: a line {@code for WORD: a, b} makes one for {@code a} and one for {@code
   * b}, which stand for the word in the other lines; {@code for WORD: LIST} one for each of a list.
   */
  private static List<Story> read(Path file, List<String> lines, Map<String, List<String>> lists) {
    String title = file.getFileName().toString().replace(".story", "").replace('-', ' ');
    List<String> steps =
        lines.stream().filter(line -> !line.startsWith(CHOICE) && !line.equals(BY_HAND)).toList();
    List<Story> stories = List.of(new Story(title, steps));
    for (String choice : lines.stream().filter(line -> line.startsWith(CHOICE)).toList()) {
      int colon = choice.indexOf(':');
      String word = choice.substring(CHOICE.length(), colon);
      String meaning = choice.substring(colon + 1).strip();
      List<String> meanings = lists.getOrDefault(meaning, List.of(meaning.split(", *")));
      stories =
          stories.stream()
              .flatMap(story -> meanings.stream().map(one -> story.with(word, one)))
              .toList();
    }
    return stories;
  }

  private static boolean isOfList(String line, Map<String, List<String>> lists) {
    return line.startsWith(CHOICE)
        && lists.containsKey(line.substring(line.indexOf(':') + 1).strip());
  }

  /** Every twelfth of those where something happens to the record. */
  private static List<Story> representatives(List<Story> stories) {
    List<Story> decisive =
        stories.stream().filter(story -> story.name().contains("flocker:owner")).toList();
    return IntStream.range(0, decisive.size())
        .filter(i -> i % STRIDE == 1)
        .mapToObj(decisive::get)
        .toList();
  }

  private Story with(String word, String meaning) {
    String mentioned = "\\b" + word + "\\b";
    return new Story(
        name + ", " + meaning,
        steps.stream()
            .map(step -> step.replaceAll(mentioned, Matcher.quoteReplacement(meaning)))
            .toList());
  }
}
