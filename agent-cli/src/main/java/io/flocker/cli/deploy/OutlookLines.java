package io.flocker.cli.deploy;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far all nodes are, as a picture of lines. */
public final class OutlookLines {
  private static final String INDENT = "  ";

  private OutlookLines() {}

  /** A line for each node, and below it one for each object that is not as wished. */
  public static List<String> of(Outlook outlook, String elapsed) {
    List<String> lines = new ArrayList<>();
    lines.add("generation " + outlook.generation() + INDENT + elapsed);
    int width =
        outlook.nodes().keySet().stream().mapToInt(one -> one.name().length()).max().orElse(1);
    outlook
        .nodes()
        .forEach((node, answer) -> {
          String name = node.name() + " ".repeat(width - node.name().length());
          answer.trouble().ifPresent(why -> lines.add(name + INDENT + why));
          answer
              .given()
              .ifPresent(status -> {
                lines.add(name + INDENT + summary(outlook, status));
                open(status).forEach(line -> lines.add(outlook.named(line)));
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

  private static List<String> open(ConvergenceStatus status) {
    List<ObjectStatus> open = status.objects().stream().filter(Outlook::isToTell).toList();
    int width = open.stream().mapToInt(one -> Outlook.name(one).length()).max().orElse(1);
    return open.stream()
        .map(object ->
            String.format(
                Locale.ROOT,
                "%s%-" + width + "s  %-8s  %s",
                INDENT,
                Outlook.name(object),
                object.state(),
                Outlook.what(object)))
        .toList();
  }
}
