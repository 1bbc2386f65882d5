package io.flocker.cli.deploy;

import io.flocker.cli.console.PlainText;
import io.flocker.cli.console.WrappedText;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How far all nodes are, as a picture of lines. */
public final class OutlookLines {
  private static final String INDENT = "  ";

  /** Below it what is wrong stands under the object, with the whole line for itself. */
  private static final int ROOM_BESIDE = 40;

  private OutlookLines() {}

  /**
   * A line for each node, and below it one for each object that is not as wished; as many as it
   * takes where somebody has to read why.
   *
   * @param columns that a line of these has at most
   */
  public static List<String> of(Outlook outlook, String elapsed, int columns) {
    List<String> lines = new ArrayList<>();
    lines.add("generation " + outlook.generation() + INDENT + elapsed);
    int width =
        outlook.nodes().keySet().stream().mapToInt(one -> one.name().length()).max().orElse(1);
    outlook
        .nodes()
        .forEach((node, answer) -> {
          String name = node.name() + " ".repeat(width - node.name().length());
          answer.trouble().ifPresent(why -> lines.addAll(wrapped(name + INDENT, why, columns)));
          answer
              .given()
              .ifPresent(status -> {
                lines.add(name + INDENT + summary(outlook, status));
                lines.addAll(open(outlook, status, columns));
              });
        });
    return lines;
  }

  private static String summary(Outlook outlook, ConvergenceStatus status) {
    if (status.generation() != outlook.generation()) {
      return "looks around";
    }
    if (outlook.isReached(status)) {
      return status.objects().isEmpty()
          ? "nothing to run"
          : "all " + status.objects().size() + " as wished";
    }
    long reached =
        status.objects().stream()
            .filter(object -> object.state() == ObjectStatus.State.AS_WISHED)
            .count();
    return reached + " of " + status.objects().size() + " as wished";
  }

  private static List<String> open(Outlook outlook, ConvergenceStatus status, int columns) {
    List<ObjectStatus> open = status.objects().stream().filter(Outlook::isToTell).toList();
    int width = open.stream().mapToInt(one -> Outlook.name(one).length()).max().orElse(1);
    return open.stream()
        .flatMap(object -> {
          String before =
              String.format(
                  Locale.ROOT,
                  "%s%-" + width + "s  %-8s  ",
                  INDENT,
                  Outlook.name(object),
                  object.state());
          String what = outlook.named(Outlook.what(object));
          return isToBeRead(object)
              ? wrapped(before, what, columns).stream()
              : Stream.of(before + what);
        })
        .toList();
  }

  /** Whether the line says what is wrong; of what goes on its beginning does. */
  private static boolean isToBeRead(ObjectStatus object) {
    return switch (object.state()) {
      case FAILED, HINDERED, AS_WISHED -> true;
      case CHANGING, WAITING -> false;
    };
  }

  private static List<String> wrapped(String before, String text, int columns) {
    boolean isBeside = columns - before.length() >= ROOM_BESIDE;
    String indent = isBeside ? " ".repeat(before.length()) : INDENT + INDENT;
    List<String> lines = new ArrayList<>();
    for (String line : WrappedText.of(PlainText.of(text), Math.max(1, columns - indent.length()))) {
      lines.add((isBeside && lines.isEmpty() ? before : indent) + line);
    }
    if (!isBeside) {
      lines.addFirst(before.stripTrailing());
    }
    return lines;
  }
}
