package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * What a container wrote, as the engine sends it: raw where the container has a terminal, else in
 * frames of 8 bytes of head (the stream's number, three zeros, the length in network order) and
 * what was written; see "Stream format" of ContainerAttach in the Engine API. Only the end is kept.
 * One thread.
 */
final class LogText {
  private static final int HEAD_BYTES = 8;
  private static final int LENGTH_OFFSET = 4;
  private static final int BYTE = 0xff;

  private final boolean isFramed;
  private final byte[] kept;
  private int end;
  private long written;

  private final byte[] head = new byte[HEAD_BYTES];
  private int headFilled;
  private long left;

  /**
   * An empty one.
   *
   * @param keptBytes how much of the end is kept
   */
  LogText(boolean isFramed, int keptBytes) {
    this.isFramed = isFramed;
    this.kept = new byte[keptBytes];
  }

  /** Takes what has come, wherever a frame ends in it. */
  void take(byte[] bytes) {
    int position = 0;
    while (position < bytes.length) {
      if (isFramed && left == 0) {
        head[headFilled++] = bytes[position++];
        if (headFilled == HEAD_BYTES) {
          headFilled = 0;
          left = length();
        }
      } else {
        long most = isFramed ? left : Integer.MAX_VALUE;
        int part = (int) Math.min(most, bytes.length - position);
        keep(bytes, position, part);
        position += part;
        left -= isFramed ? part : 0;
      }
    }
  }

  private long length() {
    long length = 0;
    for (int i = LENGTH_OFFSET; i < HEAD_BYTES; i++) {
      length = (length << Byte.SIZE) | (head[i] & BYTE);
    }
    return length;
  }

  private void keep(byte[] bytes, int offset, int length) {
    for (int i = 0; i < length; i++) {
      kept[end] = bytes[offset + i];
      end = (end + 1) % kept.length;
    }
    written += length;
  }

  /** The end of what was written, as UTF-8 as far as it is that. */
  String text() {
    if (written <= kept.length) {
      return new String(kept, 0, (int) written, UTF_8);
    }
    byte[] inOrder = new byte[kept.length];
    System.arraycopy(kept, end, inOrder, 0, kept.length - end);
    System.arraycopy(kept, 0, inOrder, kept.length - end, end);
    // Of a character that was cut there is no beginning.
    int first = 0;
    while (first < inOrder.length && isContinuation(inOrder[first])) {
      first++;
    }
    return "..." + new String(Arrays.copyOfRange(inOrder, first, inOrder.length), UTF_8);
  }

  private static boolean isContinuation(byte one) {
    return (one & 0xc0) == 0x80; // RFC 3629, section 3
  }
}
