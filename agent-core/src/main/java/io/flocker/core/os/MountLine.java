package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * One line of /proc/PID/mountinfo: {@code id parent major:minor root mountpoint options [field...]
 * - type source ...}; see proc_pid_mountinfo(5).
 *
 * @param parent id of the mount that this one is mounted on
 * @param root which folder of the file system is mounted
 * @param shared the peer group that it belongs to
 * @param master the peer group that it is a slave of
 * @param source type of the file system, and what it was mounted from
 */
record MountLine(
    int id,
    int parent,
    long device,
    String root,
    String mountpoint,
    OptionalInt shared,
    OptionalInt master,
    String source) {
  private static final int DEVICE_FIELD = 2;
  private static final int ROOT_FIELD = 3;
  private static final int MOUNTPOINT_FIELD = 4;
  private static final int FIRST_OPTIONAL_FIELD = 6;
  private static final String END_OF_OPTIONAL_FIELDS = "-";
  private static final int OCTAL_DIGITS = 3;

  /** Reads a line whose bytes were decoded one to one. */
  static MountLine parse(String line) {
    String[] fields = line.split(" ", -1);
    String[] numbers = fields[DEVICE_FIELD].split(":", -1);
    List<String> optional =
        Arrays.stream(fields)
            .skip(FIRST_OPTIONAL_FIELD)
            .takeWhile(field -> !field.equals(END_OF_OPTIONAL_FIELDS))
            .toList();
    int end = FIRST_OPTIONAL_FIELD + optional.size();
    return new MountLine(
        Integer.parseInt(fields[0]),
        Integer.parseInt(fields[1]),
        FileStatus.device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])),
        unescape(fields[ROOT_FIELD]),
        unescape(fields[MOUNTPOINT_FIELD]),
        group("shared:", optional),
        group("master:", optional),
        fields[end + 1] + " " + unescape(fields[end + 2]));
  }

  /** For {@link io.flocker.core.os.Holder#how}. */
  String how() {
    return "mountinfo " + mountpoint;
  }

  private static OptionalInt group(String tag, List<String> optional) {
    return optional.stream()
        .filter(field -> field.startsWith(tag))
        .mapToInt(field -> Integer.parseInt(field.substring(tag.length())))
        .findFirst();
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
