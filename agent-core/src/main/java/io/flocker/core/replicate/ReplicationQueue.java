package io.flocker.core.replicate;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says which copies are brought up to date next. A pure function.
 *
 * <p>Who has the fewest streams comes first, of peers and then of volumes, so that neither a slow
 * peer nor a volume with many copies has all the places; of those that are alike the one whose lag
 * is the oldest.
 *
 * @param most how many may be under way at once, at least 1
 * @param mostOfPeer how many of those may go to one peer, at least 1
 */
record ReplicationQueue(int most, int mostOfPeer) {
  ReplicationQueue {
    if (most < 1 || mostOfPeer < 1) {
      throw new IllegalArgumentException("at least one stream has to have a place");
    }
  }

  /**
   * A copy that could begin now.
   *
   * @param since of when the first change is that it lacks
   */
  record Waiting(Copy copy, Instant since) {}

  /**
   * The queue of a node.
   *
   * @param most how many streams may leave it for copies
   * @param peers how many peers there are: where there are several none has more than half
   */
  static ReplicationQueue of(int most, int peers) {
    return new ReplicationQueue(most, peers > 1 ? (most + 1) / 2 : most);
  }

  /** Those that begin now, in order. */
  List<Copy> next(Collection<Waiting> waiting, Collection<Copy> underWay) {
    Load load = new Load();
    underWay.forEach(load::add);
    Set<Waiting> left = new HashSet<>(waiting);
    left.removeIf(one -> underWay.contains(one.copy()));
    List<Copy> next = new ArrayList<>();
    while (underWay.size() + next.size() < most) {
      Optional<Copy> best =
          left.stream()
              .filter(one -> load.of(one.copy().peer()) < mostOfPeer)
              .min(load.order())
              .map(Waiting::copy);
      if (best.isEmpty()) {
        return next;
      }
      next.add(best.get());
      load.add(best.get());
      left.removeIf(one -> one.copy().equals(best.get()));
    }
    return next;
  }

  /**
   * Which of those that begin now may be sent the same stream: copies of one volume that are well,
   * whom nobody has to wait for in vain.
   *
   * @return each of {@code beginning} once, in that order
   */
  static List<List<Copy>> together(List<Copy> beginning, Predicate<Copy> isWell) {
    Map<Object, List<Copy>> groups = new LinkedHashMap<>();
    for (Copy copy : beginning) {
      groups
          .computeIfAbsent(isWell.test(copy) ? copy.volume() : copy, _ -> new ArrayList<>())
          .add(copy);
    }
    return List.copyOf(groups.values());
  }

  /** How many streams go to whom. */
  private static final class Load {
    private final Map<NodeId, Integer> peers = new HashMap<>();
    private final Map<VolumeId, Integer> volumes = new HashMap<>();

    void add(Copy copy) {
      peers.merge(copy.peer(), 1, Integer::sum);
      volumes.merge(copy.volume(), 1, Integer::sum);
    }

    int of(NodeId peer) {
      return peers.getOrDefault(peer, 0);
    }

    /** A total one: the same is chosen each time, whatever order they come in. */
    Comparator<Waiting> order() {
      return Comparator.<Waiting>comparingInt(one -> of(one.copy().peer()))
          .thenComparingInt(one -> volumes.getOrDefault(one.copy().volume(), 0))
          .thenComparing(Waiting::since)
          .thenComparing(one -> one.copy().volume().toString())
          .thenComparing(one -> one.copy().peer().toString());
    }
  }
}
