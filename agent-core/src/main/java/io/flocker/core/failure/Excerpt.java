package io.flocker.core.failure;

/** The beginning of a text that came from outside: an answer does not grow with what was asked. */
public final class Excerpt {
  /** As much of one name, pointer or value as somebody would read. */
  public static final int OF_A_NAME = 256;

  /** How many of many are told. */
  public static final int MOST_TOLD = 20;

  private Excerpt() {}

  /**
   * The text, or its beginning and three dots.
   *
   * @param longest in characters, the dots not counted
   */
  public static String of(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean isInPair = Character.isHighSurrogate(text.charAt(longest - 1));
    return text.substring(0, isInPair ? longest - 1 : longest) + "...";
  }
}
