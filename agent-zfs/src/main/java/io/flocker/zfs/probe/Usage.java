package io.flocker.zfs.probe;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The usage text of a subcommand, which it writes to stderr when it is called wrongly. */
record Usage(String text) {
  /** {@code -x}, {@code [-xyz]} and {@code -[xy]}, but not {@code --long}. */
  private static final Pattern CLUSTER = Pattern.compile("(?<![-\\w])-\\[?([A-Za-z]+)");

  private static final String START = "usage:";

  /** All flags of one letter that its synopsis names, without their dashes. */
  Set<String> flags() {
    Set<String> flags = new TreeSet<>();
    Matcher cluster = CLUSTER.matcher(synopsis());
    while (cluster.find()) {
      cluster.group(1).chars().forEach(letter -> flags.add(Character.toString(letter)));
    }
    return flags;
  }

  /** Whether its list of properties has {@code property}. */
  boolean hasProperty(String property) {
    return text.lines().anyMatch(line -> line.strip().startsWith(property + " "));
  }

  /** The lines from "usage:" to the first empty one; what follows is prose and properties. */
  private String synopsis() {
    int start = text.indexOf(START);
    if (start < 0) {
      return "";
    }
    int end = text.indexOf("\n\n", start);
    return text.substring(start, end < 0 ? text.length() : end);
  }
}
