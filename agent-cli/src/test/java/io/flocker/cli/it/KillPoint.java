package io.flocker.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a daemon is killed: at one of the commands by which it changes something.
 *
 * @param command the command as a pattern of the shell, without what differs from one handoff to
 *     the next
 * @param number which of the commands of that pattern, from 1
 * @param moment before or after the command has done its work
 */
record KillPoint(String command, int number, Moment moment) {
  /** On which side of a command the daemon dies. */
  enum Moment {
    BEFORE,
    AFTER
  }

  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String GUID = "[0-9a-f]{16}";

  /** Pool, and what stands before the purpose in the name of a snapshot. */
  private static final String POOL = "flk[0-9a-f]{8}/";

  private static final String SNAPSHOT = "flk\\.[0-9TZ]+\\.(push|handoff|manual)\\.[0-9a-f]{8}";

  private static final Pattern TEXT = Pattern.compile("(before|after) (.+?)(?:, number ([0-9]+))?");

  /** What {@link #toString} says of one. */
  static KillPoint parse(String text) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new KillPoint(
        words.group(2),
        words.group(3) == null ? 1 : Integer.parseInt(words.group(3)),
        Moment.valueOf(words.group(1).toUpperCase(Locale.ROOT)));
  }

  /** Never: the commands are only written down. */
  static KillPoint never() {
    return new KillPoint("*", 0, Moment.BEFORE);
  }

  /** Before each of these commands, and after each that changes who owns the volume. */
  static List<KillPoint> at(List<String> commands) {
    Map<String, Integer> seen = new HashMap<>();
    List<KillPoint> points = new ArrayList<>();
    for (String command : commands) {
      String pattern = pattern(command);
      int number = seen.merge(pattern, 1, Integer::sum);
      points.add(new KillPoint(pattern, number, Moment.BEFORE));
      if (command.matches("(set|inherit) flocker:owner.*")) {
        points.add(new KillPoint(pattern, number, Moment.AFTER));
      }
    }
    return points;
  }

  /** Whether the command gives the volume away: killed at it, nobody knows whether it was done. */
  boolean isRelease() {
    return command.startsWith("set flocker:owner=") && command.contains(" released ");
  }

  /** Arms it in a node's {@code zfs}. */
  void arm(TestNode node) throws IOException {
    arm(node, "KILL", "exit 1");
  }

  /** Has the daemon stopped there instead of killed; the command is done all the same. */
  void armStop(TestNode node) throws IOException {
    arm(node, "STOP", moment == Moment.AFTER ? "exit 0" : ":");
  }

  private void arm(TestNode node, String signal, String afterwards) throws IOException {
    Files.writeString(trace(node), "");
    node.faults(
        """
        case "$1 $2" in
          *' -@' | send' '-n*) ;;
          set* | 'inherit flocker:owner' | snapshot* | hold* | release* | bookmark* | rename* | mount* | unmount* | \\
          send* | receive* | destroy*)
            case "$*" in
              %1$s)
                echo "$*" >> "%2$s"
                if [ "$(wc -l < "%2$s")" = %3$d ]; then
                  %4$s
                  read -r parent < /proc/$PPID/comm
                  [ "$parent" != java ] || kill -%5$s $PPID
                  %6$s
                fi
                ;;
            esac
            ;;
        esac
        """
            .formatted(
                command.replace(" ", "\\ "),
                trace(node),
                number,
                moment == Moment.AFTER ? "zfs \"$@\"" : ":",
                signal,
                afterwards));
  }

  /** The commands of this pattern that the node has come to since this was armed. */
  static List<String> commands(TestNode node) throws IOException {
    return Files.readAllLines(trace(node));
  }

  @Override
  public String toString() {
    return moment.name().toLowerCase(Locale.ROOT)
        + " "
        + command
        + (number > 1 ? ", number " + number : "");
  }

  private static String pattern(String command) {
    return command
        .replaceAll("(send -[iI]) [^ ]+", "$1 *")
        .replaceAll(POOL, "*")
        .replaceAll(SNAPSHOT, "*.$1.*")
        .replaceAll(ID, "*")
        .replaceAll("\\bv[0-9a-f]{8}\\b", "v*")
        .replaceAll("superseded-[0-9TZ]+", "superseded-*")
        .replaceAll("=/[^ ]*/", "=*/")
        .replaceAll(" " + GUID, " *")
        .replaceAll("(owner=1 \\*) [0-9]+ ", "$1 * ")
        .replaceAll("\\*[^ ]*@\\*", "*@*")
        .replaceAll("\\*+", "*");
  }

  private static Path trace(TestNode node) {
    return node.file("commands");
  }
}
