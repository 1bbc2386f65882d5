package io.flocker.cli.console;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences of nodes, which name nodes and volumes by their ids, as people call these. An id that
 * is part of something longer stays: no dataset and no path bears the name in its place. So does
 * one in a sentence that says the name itself, and tells by the id which of that name is meant.
 */
public final class IdsInText {
  private static final Pattern ID =
      Pattern.compile(
          "(?<![\\w./@-])\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(?![\\w/?@-]|\\.\\w)");

  private IdsInText() {}

  /** Whether a text names a node, a volume or whatever else has an id. */
  public static boolean isIn(String text) {
    return ID.matcher(text).find();
  }

  /**
   * The same with names.
   *
   * @param name what people call it; empty where the id has to do
   */
  public static String named(String text, Function<UUID, Optional<String>> name) {
    return ID.matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                name.apply(UUID.fromString(found.group()))
                    .filter(called -> !says(text, called))
                    .orElse(found.group())));
  }

  /** Whether a text has a name as a word of its own. */
  private static boolean says(String text, String name) {
    return Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-]|\\.\\w)")
        .matcher(text)
        .find();
  }
}
