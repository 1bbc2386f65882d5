package io.flocker.cli.console;

/** Joins what nodes say into running text. */
public final class Sentences {
  private Sentences() {}

  /** Both, the first ended by a period where it has no end of its own. */
  public static String join(String first, String second) {
    boolean ends = !first.isEmpty() && ".!?".indexOf(first.charAt(first.length() - 1)) >= 0;
    return second.isEmpty() ? first : first + (ends ? " " : ". ") + second;
  }
}
