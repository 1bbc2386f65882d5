package io.flocker.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of a request's line and headers for what Netty's decoder lets pass and a
 * second reader could read otherwise: other separators than one space (RFC 9112, section 3), folded
 * lines (section 5.2), control characters (RFC 9110, section 5.5). One thread.
 */
final class HeadScan implements ByteProcessor {
  private static final int DELETE = 0x7f; // See ascii(7).
  private static final String VERSION = "HTTP/1.1";

  private enum State {
    /** Empty lines before a request (RFC 9112, section 2.2). */
    BEFORE,
    METHOD,
    TARGET,
    VERSION,
    LINE_END,
    HEADER
  }

  private State state = State.BEFORE;
  private boolean isLineBegun;
  private final StringBuilder version = new StringBuilder();
  private @Nullable String flaw;

  /** Looks at further bytes of the same head. */
  void take(ByteBuf bytes, int from, int to) {
    if (flaw == null) {
      bytes.forEachByte(from, to - from, this);
    }
  }

  /** What is wrong with the head so far; null for nothing. */
  @Nullable String flaw() {
    return flaw;
  }

  /** The head has ended; what comes next is another one's. */
  void reset() {
    state = State.BEFORE;
    isLineBegun = false;
    version.setLength(0);
    flaw = null;
  }

  @Override
  public boolean process(byte value) {
    int c = value & 0xff;
    switch (state) {
      case BEFORE -> before(c);
      case METHOD -> word(c, State.TARGET);
      case TARGET -> word(c, State.VERSION);
      case VERSION -> version(c);
      case LINE_END -> expect(c == '\n', State.HEADER);
      case HEADER -> header(c);
    }
    return flaw == null;
  }

  private void before(int c) {
    if (c != '\r' && c != '\n') {
      state = State.METHOD;
      word(c, State.METHOD);
    }
  }

  private void word(int c, State next) {
    if (c == ' ') {
      expect(next != State.METHOD, next);
    } else {
      requireVisible(c);
    }
  }

  private void version(int c) {
    if (c == '\r') {
      boolean isLike = version.length() == VERSION.length() && version.indexOf("HTTP/") == 0;
      expect(isLike, State.LINE_END);
    } else {
      requireVisible(c);
      if (version.length() <= VERSION.length()) {
        version.append((char) c);
      }
    }
  }

  private void header(int c) {
    if (!isLineBegun && (c == ' ' || c == '\t')) {
      flaw = "A header is folded over several lines.";
    } else if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == DELETE) {
      flaw = "A header holds a control character.";
    }
    isLineBegun = c != '\n';
  }

  private void expect(boolean isSo, State next) {
    state = next;
    if (!isSo) {
      flaw = "The request line is not a method, a target and a version, one space between them.";
    }
  }

  private void requireVisible(int c) {
    if (c <= ' ' || c >= DELETE) {
      flaw = "The request line holds a character that is none of a method, a target or a version.";
    }
  }
}
