package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.http.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A problem as people read it: what happened, what exactly, what to do, then the facts; what a
 * child wrote to its stderr keeps its lines.
 */
final class ProblemText {
  private static final String INDENT = "  ";

  private final List<String> lines = new ArrayList<>();

  private ProblemText() {}

  static List<String> lines(FailureException problem) {
    ProblemText text = new ProblemText();
    text.lines.add(problem.failure().title() + ": " + problem.detail());
    text.text("remedy: ", problem.failure().remedy(), INDENT);
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
      text(label, fact.asString(), indent);
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
