package io.flocker.cli.watch;

import java.io.EOFException;
import java.io.IOException;

/** Takes what a terminal sends apart into keys. One thread. */
final class Keys {
  static final String ESCAPE = "\033";
  static final String DELETE = "\177";
  static final String UP = "\033[A";
  static final String DOWN = "\033[B";
  static final String HOME = "\033[H";
  static final String END = "\033[F";
  static final String UP_APPLICATION = "\033OA";
  static final String DOWN_APPLICATION = "\033OB";
  static final String HOME_APPLICATION = "\033OH";
  static final String END_APPLICATION = "\033OF";
  static final String PAGE_UP = "\033[5~";
  static final String PAGE_DOWN = "\033[6~";
  static final String HOME_VT = "\033[1~";
  static final String END_VT = "\033[4~";

  /** What follows an escape at once belongs to it; over a slow line too. */
  private static final long WITHIN_MILLIS = 50;

  /** Longer than any sequence of a key. */
  private static final int LONGEST = 16;

  private static final int END_OF_INPUT = -1;

  private final Input input;

  /** Where characters come from. */
  @FunctionalInterface
  interface Input {
    /** The next character; -1 at the end, less where none comes within so many milliseconds. */
    int read(long millis) throws IOException;
  }

  Keys(Input input) {
    this.input = input;
  }

  /**
   * The next key; empty if there is none within so many milliseconds.
   *
   * @throws EOFException once there will be none
   */
  String next(long millis) throws IOException {
    int first = input.read(millis);
    if (first == END_OF_INPUT) {
      throw new EOFException();
    }
    if (first < 0) {
      return "";
    }
    StringBuilder key = new StringBuilder().append((char) first);
    if (first == ESCAPE.charAt(0)) {
      readSequence(key);
    } else if (Character.isHighSurrogate((char) first)) {
      append(key);
    }
    return key.toString();
  }

  /** ECMA-48, section 5.4; and the function keys of a VT100, which have one letter after an O. */
  private void readSequence(StringBuilder key) throws IOException {
    if (!append(key)) {
      return;
    }
    char kind = key.charAt(1);
    boolean more = kind == '[' || kind == 'O';
    while (more && key.length() < LONGEST && append(key)) {
      char last = key.charAt(key.length() - 1);
      more = kind == '[' && (last < '@' || last > '~');
    }
  }

  private boolean append(StringBuilder key) throws IOException {
    int next = input.read(WITHIN_MILLIS);
    if (next >= 0) {
      key.append((char) next);
    }
    return next >= 0;
  }
}
