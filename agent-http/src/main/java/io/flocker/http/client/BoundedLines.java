package io.flocker.http.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** Lines of what another node says, each of bounded length. One thread; blocks as its source. */
public final class BoundedLines {
  private final BufferedReader source;
  private final int mostCharacters;
  private boolean wasReturn;

  /** A line, or more than one of them together, has no end that is waited for. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    /** One that says so. */
    public TooLongException(String what, int mostCharacters) {
      super(what + " of more than " + mostCharacters + " characters was sent: that is no flockerd");
    }
  }

  /**
   * The lines of {@code source}.
   *
   * @param mostCharacters that a line may have
   */
  public BoundedLines(Reader source, int mostCharacters) {
    this.source = new BufferedReader(source);
    this.mostCharacters = mostCharacters;
  }

  /**
   * The next line, without its end: CR, LF or both; empty at the end of all.
   *
   * @throws TooLongException if it is longer than is read here
   */
  public Optional<String> next() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = source.read(); next >= 0; next = source.read()) {
      boolean endsBoth = wasReturn && next == '\n';
      wasReturn = next == '\r';
      if (endsBoth) {
        continue;
      }
      if (next == '\n' || next == '\r') {
        return Optional.of(line.toString());
      }
      if (line.length() == mostCharacters) {
        throw new TooLongException("a line", mostCharacters);
      }
      line.append((char) next);
    }
    return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
  }
}
