package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.retention.RetentionRules;
import java.util.List;
import java.util.Optional;

/**
 * Tells a replica what the owner still keeps: {@code POST /node/v1/volumes/{id}/prune}.
 *
 * @param keep guids of the owner's snapshots; of the others only those that flockerd made may go
 * @param rules what the owner wishes to be kept beside those; empty for nothing
 * @param must names {@code rules} where they are given: a node that does not know them would keep
 *     too little
 * @param replication what is said of the volume's copies, should the replica's node have to take
 *     the volume over; empty from an older flockerd
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PruneRequest(
    NodeId owner,
    long epoch,
    List<Guid> keep,
    Optional<RetentionRules> rules,
    Optional<List<String>> must,
    Optional<Handover> replication) {
  /** What is told beside a stream may be older than what has arrived: nothing goes for that. */
  private static final RetentionRules EVERYTHING = RetentionRules.ofLast(RetentionRules.MOST);

  /** One by which no snapshot goes, for the sake of what it tells. */
  public static PruneRequest news(NodeId owner, long epoch, Handover said) {
    return new PruneRequest(owner, epoch, List.of(), EVERYTHING).telling(said);
  }

  /** Whether no snapshot goes by it. */
  @JsonIgnore
  public boolean isNews() {
    return rules.filter(EVERYTHING::equals).isPresent();
  }

  /** One with no further wish. */
  public PruneRequest(NodeId owner, long epoch, List<Guid> keep) {
    this(owner, epoch, keep, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** One with a wish. */
  public PruneRequest(NodeId owner, long epoch, List<Guid> keep, RetentionRules rules) {
    this(owner, epoch, keep, Optional.of(rules), Optional.of(List.of("rules")), Optional.empty());
  }

  /** The same, which also tells what is said of the volume's copies. */
  public PruneRequest telling(Handover said) {
    return new PruneRequest(owner, epoch, keep, rules, must, Optional.of(said));
  }
}
