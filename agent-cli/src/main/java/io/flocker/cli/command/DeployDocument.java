package io.flocker.cli.command;

import io.flocker.cli.deploy.Answer;
import io.flocker.cli.deploy.ClusterNode;
import io.flocker.cli.deploy.Following;
import io.flocker.core.deploy.converge.ConvergenceStatus;
import io.flocker.core.id.NodeId;
import io.flocker.http.client.ToldWish;
import io.flocker.http.client.WishPlan;
import io.flocker.http.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a deployment, for programs.
 *
 * @param isAsWished whether every node has all as wished; empty for a dry run
 */
record DeployDocument(long generation, Optional<Boolean> isAsWished, List<OfNode> nodes) {
  /**
   * What came of it on one node.
   *
   * @param isTold whether it was told the wish
   * @param plan what it would do
   * @param status how far it is
   * @param problem why it refused
   * @param unreachable why it did not answer
   */
  record OfNode(
      NodeId node,
      String name,
      boolean isTold,
      Optional<WishPlan> plan,
      Optional<ConvergenceStatus> status,
      Optional<Map<String, Object>> problem,
      Optional<String> unreachable) {
    private static OfNode of(
        ClusterNode node,
        Answer<?> answer,
        boolean isTold,
        Optional<WishPlan> plan,
        Optional<ConvergenceStatus> status) {
      return new OfNode(
          node.id(),
          node.name(),
          isTold,
          plan,
          status,
          answer instanceof Answer.Refused<?>(var problem)
              ? Optional.of(Problem.of(problem).document())
              : Optional.empty(),
          answer instanceof Answer.Silent<?>(String why) ? Optional.of(why) : Optional.empty());
    }
  }

  /** Of a dry run. */
  static DeployDocument ofPlans(long generation, Map<ClusterNode, Answer<WishPlan>> plans) {
    List<OfNode> nodes =
        plans.entrySet().stream()
            .map(one ->
                OfNode.of(
                    one.getKey(), one.getValue(), false, one.getValue().given(), Optional.empty()))
            .toList();
    return new DeployDocument(generation, Optional.empty(), nodes);
  }

  /** Of nodes that were told and followed. */
  static DeployDocument of(Map<ClusterNode, Answer<ToldWish>> told, Following.Ended ended) {
    List<OfNode> nodes =
        told.entrySet().stream()
            .map(one -> {
              boolean isTold = one.getValue().given().isPresent();
              Answer<?> last = isTold ? ended.last().nodes().get(one.getKey()) : one.getValue();
              return OfNode.of(
                  one.getKey(),
                  last == null ? one.getValue() : last,
                  isTold,
                  Optional.empty(),
                  Optional.ofNullable(ended.last().nodes().get(one.getKey()))
                      .flatMap(Answer::given));
            })
            .toList();
    boolean isAsWished =
        ended.end() == Following.End.AS_WISHED && nodes.stream().allMatch(OfNode::isTold);
    return new DeployDocument(ended.last().generation(), Optional.of(isAsWished), nodes);
  }
}
