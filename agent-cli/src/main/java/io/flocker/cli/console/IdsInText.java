package io.flocker.cli.console;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences of nodes, which name nodes and volumes by their ids, as people call these. An id that
 * is part of something longer stays: no dataset and no path bears the name in its place.
 */
public final class IdsInText {
  private static final Pattern ID =
      Pattern.compile(
          "(?<![\\w./@-])\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(?![\\w/?@-]|\\.\\w)");

  private IdsInText() {}

  /**
   * The same with names.
   *
   * @param name what people call it; empty where the id has to do
   */
  public static String named(String text, Function<UUID, Optional<String>> name) {
    return ID.matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                name.apply(UUID.fromString(found.group())).orElse(found.group())));
  }
}
