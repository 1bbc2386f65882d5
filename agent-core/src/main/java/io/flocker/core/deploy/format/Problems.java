package io.flocker.core.deploy.format;

import io.flocker.core.failure.Excerpt;
import io.flocker.core.yaml.YamlDocument;
import io.flocker.core.yaml.YamlException;
import io.flocker.core.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What is wrong with the files that are read, as it is found. One thread. */
final class Problems {
  /** More than anybody reads, and few enough to be printed. */
  private static final int MOST = 100;

  private static final int LONGEST = 300;

  private final List<Problem> found = new ArrayList<>();

  /** Notes one, unless too many are there already. */
  void note(String file, OptionalInt line, String subject, String text) {
    if (found.size() < MOST) {
      found.add(new Problem(file, line, subject, Excerpt.of(text, LONGEST)));
    }
  }

  /**
   * Reads a document.
   *
   * @throws FormatException with what was noted before, too, if it is no plain YAML
   */
  YamlValue read(SourceFile file) throws FormatException {
    try {
      YamlDocument document = YamlDocument.read(file.bytes());
      for (YamlDocument.Repeat repeat : document.repeats()) {
        note(file.name(), OptionalInt.of(repeat.line()), "", repeat.path() + " is given twice");
      }
      return document.root();
    } catch (YamlException e) {
      note(file.name(), e.line(), "", e.problem());
      throw failure();
    }
  }

  /**
   * Makes sure that nothing is wrong.
   *
   * @throws FormatException with all that is
   */
  void check() throws FormatException {
    if (!found.isEmpty()) {
      throw failure();
    }
  }

  private FormatException failure() {
    return new FormatException(found.stream().sorted(Problem.BY_PLACE).distinct().toList());
  }
}
