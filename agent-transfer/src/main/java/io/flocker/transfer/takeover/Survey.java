package io.flocker.transfer.takeover;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.transfer.protocol.VolumeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the other nodes know of a volume, each asked at the same time as the others.
 *
 * @param answers by node
 * @param silences why a node has not answered
 */
record Survey(Map<NodeId, VolumeView> answers, Map<NodeId, String> silences) {
  private static final Comparator<NodeId> BY_TEXT = Comparator.comparing(NodeId::toString);

  /** Asks a node what it has of a volume. Blocks, with a deadline. */
  @FunctionalInterface
  interface Question {
    VolumeView ask(NodeId peer, Volume volume) throws FailureException;
  }

  /** Asks them all, and waits for the slowest. */
  static Survey of(Set<NodeId> nodes, Volume volume, Question question) throws FailureException {
    Map<NodeId, VolumeView> answers = new ConcurrentHashMap<>();
    Map<NodeId, String> silences = new ConcurrentHashMap<>();
    List<Thread> asking = new ArrayList<>();
    for (NodeId node : nodes) {
      asking.add(
          Thread.ofVirtual()
              .name("survey-" + node)
              .start(() -> {
                try {
                  answers.put(node, question.ask(node, volume));
                } catch (FailureException | RuntimeException e) {
                  silences.put(
                      node, e instanceof FailureException known ? known.detail() : e.toString());
                }
              }));
    }
    try {
      for (Thread thread : asking) {
        thread.join();
      }
    } catch (InterruptedException e) {
      asking.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
      throw OwnershipFailure.PEERS_UNANSWERED.because("the question was interrupted");
    }
    return new Survey(Map.copyOf(answers), Map.copyOf(silences));
  }

  /**
   * Makes sure that whoever has not answered cannot write.
   *
   * @throws FailureException {@code PEERS_UNANSWERED}, naming who has to be
   */
  void requireAnswered(Set<NodeId> fenced) throws FailureException {
    List<NodeId> missing =
        silences.keySet().stream().filter(node -> !fenced.contains(node)).sorted(BY_TEXT).toList();
    if (!missing.isEmpty()) {
      throw OwnershipFailure.PEERS_UNANSWERED
          .because(
              "node %s has not answered: %s. Where it is certain that it cannot write the volume, name it in 'fenced' (flocker volume takeover --fenced %s)"
                  .formatted(
                      missing.getFirst(), silences.get(missing.getFirst()), missing.getFirst()))
          .with("unanswered", missing);
    }
  }

  /** Who answers that it owns the volume and may write it. */
  Optional<NodeId> owner() {
    return answers.entrySet().stream()
        .filter(answer -> answer.getValue().role().filter(Role.OWNER::equals).isPresent())
        .map(Map.Entry::getKey)
        .min(BY_TEXT);
  }

  /** Whether anybody answers that the volume is its own, or that it would be if it were decided. */
  boolean hasRival() {
    return answers.values().stream()
        .flatMap(view -> view.role().stream())
        .anyMatch(role -> role == Role.OWNER || role == Role.CONTESTED);
  }

  /**
   * Makes sure that no other node holds a copy of what this node owned at an epoch that this node
   * knows nothing of.
   *
   * @param copy what this node has
   * @throws FailureException {@code STALE_EPOCH}, naming the node, unless that is among {@code
   *     fenced}: what it has may be later than what is here
   */
  void requireNothingLater(NodeId self, Volume copy, Set<NodeId> fenced) throws FailureException {
    Optional<Map.Entry<NodeId, VolumeView>> later =
        answers.entrySet().stream()
            .filter(answer -> isLater(answer.getValue(), self, copy))
            .filter(answer -> !fenced.contains(answer.getKey()))
            .min(Map.Entry.comparingByKey(BY_TEXT));
    if (later.isPresent()) {
      NodeId node = later.get().getKey();
      throw OwnershipFailure.STALE_EPOCH
          .because(
              "node %1$s has a copy of volume %2$s as node %3$s owned it at epoch %4$d, of which node %3$s knows nothing: its pool has gone back since. Take the volume over on node %1$s, whose copy may be later; or name that node in 'fenced' (flocker volume takeover --fenced %1$s) where what was written since is to be lost"
                  .formatted(node, copy.id(), self, later.get().getValue().epoch()))
          .with("later", node);
    }
  }

  private static boolean isLater(VolumeView view, NodeId self, Volume copy) {
    return view.role().equals(Optional.of(Role.REPLICA))
        && view.owner().equals(Optional.of(self))
        && view.epoch() > copy.epoch();
  }

  /** Whether nobody tells of that epoch or a later one, but of that one as the node's own. */
  boolean leavesTo(NodeId node, long epoch) {
    return answers.values().stream()
        .filter(view -> Math.max(view.epoch(), view.highestEpoch()) >= epoch)
        .allMatch(view ->
            view.highestEpoch() <= epoch
                && view.epoch() == epoch
                && view.owner().equals(Optional.of(node)));
  }

  /**
   * The highest epoch that anybody tells of and that leaves room for the next one. What is further
   * ahead nothing proves: a liar could keep a volume from being taken by it.
   *
   * @param recorded the epoch of this node's own record
   * @param seen the highest that this node has seen
   */
  long highest(long recorded, long seen) {
    return Stream.concat(
            Stream.of(seen),
            answers.values().stream().flatMap(view -> Stream.of(view.epoch(), view.highestEpoch())))
        .filter(epoch -> Epochs.isWithinReach(recorded, epoch + 1))
        .mapToLong(Long::longValue)
        .reduce(recorded, Math::max);
  }

  /** As it is told to users. */
  List<TakeoverProposal.Asked> told() {
    List<TakeoverProposal.Asked> told = new ArrayList<>();
    answers.forEach((node, view) ->
        told.add(
            new TakeoverProposal.Asked(
                node,
                view.role(),
                Optional.of(Math.max(view.epoch(), view.highestEpoch())),
                Optional.empty())));
    silences.forEach((node, why) ->
        told.add(
            new TakeoverProposal.Asked(
                node, Optional.empty(), Optional.empty(), Optional.of(why))));
    return told.stream()
        .sorted(Comparator.comparing(TakeoverProposal.Asked::node, BY_TEXT))
        .toList();
  }
}
