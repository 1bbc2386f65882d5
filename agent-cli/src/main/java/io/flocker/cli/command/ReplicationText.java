package io.flocker.cli.command;

import io.flocker.cli.console.Amounts;
import io.flocker.core.config.Quantity;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.ReplicationDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What holds for the replication of volumes, as people read it. */
final class ReplicationText {
  private ReplicationText() {}

  /** Of a volume, below its other properties. */
  static List<String> lines(ReplicationDocument replication, PeerNames names) {
    String whose =
        switch (replication.source()) {
          case CONFIGURATION -> ", as the configuration says";
          case NAMESPACE -> ", as all of namespace " + replication.name().namespace();
          case VOLUME, NONE -> "";
        };
    return lines(replication.policy(), whose, names);
  }

  /** Of whatever goes by that policy. */
  static List<String> lines(Optional<Policy> policy, PeerNames names) {
    return lines(policy, "", names);
  }

  private static List<String> lines(Optional<Policy> said, String whose, PeerNames names) {
    List<String> lines = new ArrayList<>();
    Policy policy = said.orElse(Policy.to(List.of()));
    if (!policy.wantsCopies()) {
      lines.add("replicated to no node" + whose);
      return lines;
    }
    for (NodeId peer : policy.peers()) {
      lines.add("replicated to node " + names.whole(peer));
    }
    lines.add(
        "           at most %s behind, %s between snapshots, %s%s"
            .formatted(
                Quantity.text(policy.maxLag()),
                Quantity.text(policy.minInterval()),
                "history " + policy.history(),
                whose));
    lines.add("           keeps " + RetentionText.of(policy.keep()));
    policy
        .keepAtPeers()
        .ifPresent(rules -> lines.add("           keeps at peers " + RetentionText.of(rules)));
    if (policy.onDivergence() == OnDivergence.ROTATE) {
      lines.add("           has copies set aside that have changed by themselves");
    }
    policy
        .verify()
        .ifPresent(every -> lines.add("           verified every " + Amounts.time(every)));
    policy
        .raw()
        .ifPresent(
            isRaw -> lines.add("           sends " + (isRaw ? "raw" : "plain") + " streams"));
    if (!policy.compressed().orElse(true)) {
      lines.add("           sends no blocks compressed");
    }
    policy.rate().ifPresent(rate -> lines.add("           " + RateText.of(rate)));
    policy.hooks().ifPresent(hooks -> lines.add("           " + HookText.of(hooks)));
    return lines;
  }
}
