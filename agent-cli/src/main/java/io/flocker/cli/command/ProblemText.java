package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A problem as people read it: what happened, what exactly, what to do, then the facts; what a
 * child wrote to its stderr keeps its lines.
 */
final class ProblemText {
  private static final String INDENT = "  ";

  private final KnownNames names;
  private final List<String> lines = new ArrayList<>();

  private ProblemText(KnownNames names) {
    this.names = names;
  }

  /**
   * Its lines.
   *
   * @param names of the nodes and volumes that it tells of
   */
  static List<String> lines(FailureException problem, KnownNames names) {
    ProblemText text = new ProblemText(names);
    text.lines.add(problem.failure().title() + ": " + names.in(problem.detail()));
    text.text("remedy: ", names.in(problem.failure().remedy()), INDENT);
    problem.members().forEach((name, value) -> text.fact(name + ": ", Json.tree(value), INDENT));
    return text.lines;
  }

  private void fact(String label, JsonNode fact, String indent) {
    if (fact.isObject()) {
      lines.add((indent + label).stripTrailing());
      fact.properties()
          .forEach(member -> fact(member.getKey() + ": ", member.getValue(), indent + INDENT));
    } else if (fact.isArray()) {
      lines.add((indent + label).stripTrailing());
      fact.values().forEach(item -> fact("- ", item, indent + INDENT));
    } else {
      text(label, named(fact.asString()), indent);
    }
  }

  /** An id alone stays beside the name: by it the facts are looked for elsewhere. */
  private String named(String fact) {
    try {
      return names.of(UUID.fromString(fact)).map(name -> name + " (" + fact + ")").orElse(fact);
    } catch (IllegalArgumentException _) {
      return names.in(fact);
    }
  }

  private void text(String label, String text, String indent) {
    List<String> said = text.strip().lines().toList();
    if (said.size() == 1) {
      lines.add(indent + label + said.getFirst());
    } else {
      lines.add((indent + label).stripTrailing());
      said.forEach(line -> lines.add(indent + INDENT + line));
    }
  }
}
