package io.flocker.cli.deploy;

import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.deploy.converge.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far all nodes are with a wish, at one moment.
 *
 * @param generation of the wish
 * @param nodes what each of them says; in the order in which they are shown
 */
public record Outlook(long generation, Map<ClusterNode, Answer<ConvergenceStatus>> nodes) {
  /** Failures in a row after which it is not a hitch any more. */
  private static final int HITCHES = 3;

  /** Whether all that answer have reached the wish. */
  boolean isAsWished() {
    return nodes.values().stream()
        .allMatch(answer -> answer.given().filter(this::isReached).isPresent());
  }

  /** Whether somebody has told a node a later wish. */
  boolean isOvertaken() {
    return nodes.values().stream()
        .flatMap(answer -> answer.given().stream())
        .anyMatch(status -> status.generation() > generation);
  }

  /** Whether something is done, or is about to be tried again. */
  boolean isMoving() {
    return nodes.values().stream()
        .flatMap(answer -> answer.given().stream())
        .flatMap(status -> status.objects().stream())
        .anyMatch(Outlook::isMoving);
  }

  /** Whether a node has not compared with the wish yet. */
  boolean isLooking() {
    return nodes.values().stream()
        .flatMap(answer -> answer.given().stream())
        .anyMatch(status -> status.generation() < generation);
  }

  /** Whether nothing is wrong with what is left: other things have to happen first. */
  boolean isOnlyWaiting() {
    return nodes.values().stream()
        .allMatch(answer ->
            answer.given().stream()
                .flatMap(status -> status.objects().stream())
                .allMatch(object ->
                    object.state() == ObjectStatus.State.WAITING
                        || object.state() == ObjectStatus.State.AS_WISHED));
  }

  /** All that is as wished, to be compared with another moment's. */
  Set<String> reached() {
    Set<String> reached = new TreeSet<>();
    nodes.forEach((node, answer) ->
        answer
            .given()
            .ifPresent(status -> {
              if (status.generation() == generation) {
                reached.add(node.id().toString());
                status.objects().stream()
                    .filter(object -> object.state() == ObjectStatus.State.AS_WISHED)
                    .forEach(object -> reached.add(node.id() + " " + name(object)));
              }
            }));
    return reached;
  }

  /** How each object stands, a line each, without what changes with every try. */
  public List<String> states() {
    List<String> states = new ArrayList<>();
    nodes.forEach((node, answer) -> {
      answer.trouble().ifPresent(why -> states.add(node.name() + ": " + why));
      answer.given().stream()
          .filter(status -> status.generation() == generation)
          .flatMap(status -> status.objects().stream())
          .map(object ->
              "%s: %s %s %s"
                  .formatted(node.name(), name(object), object.state(), object.text())
                  .stripTrailing())
          .forEach(state -> states.add(named(state)));
    });
    return states;
  }

  /** What is not as wished and why, a sentence each, with the node that says so. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    nodes.forEach((node, answer) -> {
      answer.trouble().ifPresent(why -> troubles.add(node.name() + ": " + why));
      answer
          .given()
          .ifPresent(status ->
              troubles(node.name(), status).forEach(trouble -> troubles.add(named(trouble))));
    });
    return troubles;
  }

  /** The same text with names in place of uuids. */
  String named(String text) {
    return ClusterNode.named(text, nodes.keySet());
  }

  /** Whether a node has reached the wish. */
  boolean isReached(ConvergenceStatus status) {
    return status.generation() == generation && status.isAsWished();
  }

  /** An object as people name it, such as {@code volume default.db}. */
  public static String name(ObjectStatus object) {
    return (object.kind() + " " + object.name()).strip();
  }

  /**
   * Whether there is something to say of it: it is not as wished, or not with all that belongs to
   * that.
   */
  public static boolean isToTell(ObjectStatus object) {
    return object.state() != ObjectStatus.State.AS_WISHED || !object.text().isEmpty();
  }

  /** What is done, or why nothing is, in a line. */
  public static String what(ObjectStatus object) {
    StringBuilder text = new StringBuilder(object.text());
    object.lastError().ifPresent(problem -> text.append(": ").append(problem.get("detail")));
    object.nextTry().ifPresent(time -> text.append("; next try ").append(time));
    return text.toString();
  }

  private List<String> troubles(String node, ConvergenceStatus status) {
    if (status.generation() > generation) {
      return List.of(node + ": was told a later wish, generation " + status.generation());
    }
    if (status.generation() < generation) {
      return List.of("%s: still compares with generation %d".formatted(node, status.generation()));
    }
    return status.objects().stream()
        .filter(object -> object.state() != ObjectStatus.State.AS_WISHED)
        .map(object ->
            "%s: %s is %s: %s".formatted(node, name(object), object.state(), what(object)))
        .toList();
  }

  private static boolean isMoving(ObjectStatus object) {
    return switch (object.state()) {
      case CHANGING -> true;
      case FAILED -> object.tries() < HITCHES;
      case AS_WISHED, WAITING, HINDERED -> false;
    };
  }
}
