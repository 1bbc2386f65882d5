package io.flocker.cli.deploy;

import io.flocker.http.client.WishPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What all nodes would do, as a tree. */
public final class PlanTree {
  private static final String BRANCH = "|- ";
  private static final String LAST = "`- ";
  private static final String BESIDE = "|  ";
  private static final String BELOW = "   ";

  private record Branch(String text, List<Branch> branches) {
    static Branch leaf(String text) {
      return new Branch(text, List.of());
    }
  }

  private PlanTree() {}

  /** The lines: a node, below it its phases, below them what is done. */
  public static List<String> lines(long generation, Map<ClusterNode, Answer<WishPlan>> plans) {
    List<Branch> nodes = new ArrayList<>();
    plans.forEach(
        (node, answer) -> nodes.add(new Branch(node.toString(), branches(answer, plans.keySet()))));
    List<String> lines = new ArrayList<>();
    lines.add("generation " + generation);
    add(nodes, "", lines);
    return lines;
  }

  /** Whether some node has something to do. */
  public static boolean changesAnything(Map<ClusterNode, Answer<WishPlan>> plans) {
    return plans.values().stream()
        .flatMap(answer -> answer.given().stream())
        .anyMatch(plan -> !plan.isEmpty());
  }

  private static List<Branch> branches(Answer<WishPlan> answer, Collection<ClusterNode> all) {
    List<Branch> branches = new ArrayList<>();
    answer
        .trouble()
        .ifPresent(why ->
            branches.add(
                Branch.leaf(answer instanceof Answer.Silent<?> ? "is not reached: " + why : why)));
    answer
        .given()
        .ifPresent(plan -> {
          for (WishPlan.PlannedPhase phase : plan.phases()) {
            branches.add(
                new Branch(
                    phase.phase(),
                    phase.steps().stream()
                        .map(step -> Branch.leaf(ClusterNode.named(step.text(), all)))
                        .toList()));
          }
          if (!plan.obstacles().isEmpty()) {
            branches.add(
                new Branch(
                    "in the way",
                    plan.obstacles().stream()
                        .map(one ->
                            Branch.leaf(one.subject() + ": " + ClusterNode.named(one.text(), all)))
                        .toList()));
          }
          if (branches.isEmpty()) {
            branches.add(Branch.leaf("nothing to do"));
          }
        });
    return branches;
  }

  private static void add(List<Branch> branches, String indent, List<String> lines) {
    for (int index = 0; index < branches.size(); index++) {
      boolean isLast = index == branches.size() - 1;
      Branch branch = branches.get(index);
      lines.add(indent + (isLast ? LAST : BRANCH) + branch.text());
      add(branch.branches(), indent + (isLast ? BELOW : BESIDE), lines);
    }
  }
}
