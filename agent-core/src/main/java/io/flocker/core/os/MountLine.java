package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * One line of /proc/PID/mountinfo: {@code id parent major:minor root mountpoint options ...}; see
 * proc_pid_mountinfo(5).
 */
record MountLine(long device, String mountpoint) {
  private static final int DEVICE_FIELD = 2;
  private static final int MOUNTPOINT_FIELD = 4;
  private static final int OCTAL_DIGITS = 3;

  /** Reads a line whose bytes were decoded one to one. */
  static MountLine parse(String line) {
    String[] fields = line.split(" ", -1);
    String[] numbers = fields[DEVICE_FIELD].split(":", -1);
    return new MountLine(
        FileStatus.device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])),
        unescape(fields[MOUNTPOINT_FIELD]));
  }

  /** For {@link io.flocker.core.storage.Holder#how}. */
  String how() {
    return "mountinfo " + mountpoint;
  }

  /** Space, tab, newline and backslash stand as three octal digits. */
  private static String unescape(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '\\' && i + OCTAL_DIGITS < escaped.length()) {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 1 + OCTAL_DIGITS), 8));
        i += OCTAL_DIGITS;
      } else {
        bytes.writeBytes(escaped.substring(i, i + 1).getBytes(ISO_8859_1));
      }
    }
    return bytes.toString(UTF_8);
  }
}
