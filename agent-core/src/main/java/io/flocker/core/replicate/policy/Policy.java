package io.flocker.core.replicate.policy;

import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.plan.SendWish;
import io.flocker.core.retention.RetentionRules;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which peers hold a volume, and how far behind they may be. Said of a volume, whichever node owns
 * it: it travels with it.
 *
 * @param peers who hold a copy, none twice, at most {@value #MOST_PEERS}; nobody means that the
 *     volume is not replicated, whatever its namespace says
 * @param maxLag how far behind they may be, 1 s to a week, and no shorter than {@code minInterval};
 *     60 s where JSON does not say
 * @param minInterval the pause between two snapshots, 100 ms to a week; 1 s where JSON does not say
 * @param history what a peer without a copy is given, {@code ALL} or {@code LATEST}; all where JSON
 *     does not say
 * @param keep what the owner keeps of the snapshots that it takes for this
 * @param keepAtPeers what it wishes the peers to keep; empty for the same as at home. A peer may
 *     keep more than that, by its own floor
 * @param onDivergence what becomes of a copy that has changed by itself; {@code REPORT} where JSON
 *     does not say
 * @param hooks what is run around the snapshots that are taken for this; empty for nothing
 * @param rate how fast the streams to the peers may leave; empty for as fast as they go
 * @param verify how often each copy is compared with what the owner has, file by file: a minute to
 *     a year; empty for when somebody asks for it
 * @param raw whether blocks are sent as they are on disk, encrypted where the volume is; empty for
 *     as the copy was begun, and plain for a new one
 * @param compressed whether blocks that are stored compressed are sent so, where both nodes can do
 *     that; empty for yes
 */
public record Policy(
    List<NodeId> peers,
    Duration maxLag,
    Duration minInterval,
    InitialReplication history,
    RetentionRules keep,
    Optional<RetentionRules> keepAtPeers,
    OnDivergence onDivergence,
    Optional<HookPolicy> hooks,
    Optional<RatePolicy> rate,
    Optional<Duration> verify,
    Optional<Boolean> raw,
    Optional<Boolean> compressed) {
  /** More copies than anybody pays for. */
  public static final int MOST_PEERS = 16;

  /** How far behind a copy may be, unless something else is said. */
  public static final Duration USUAL_MAX_LAG = Duration.ofSeconds(60);

  /** The pause between two snapshots, unless something else is said. */
  public static final Duration USUAL_MIN_INTERVAL = Duration.ofSeconds(1);

  private static final Duration SHORTEST_MAX_LAG = Duration.ofSeconds(1);
  private static final Duration SHORTEST_MIN_INTERVAL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Duration SHORTEST_VERIFY = Duration.ofMinutes(1);
  private static final Duration LONGEST_VERIFY = Duration.ofDays(366);

  public Policy {
    peers = List.copyOf(peers);
    maxLag = maxLag == null ? USUAL_MAX_LAG : maxLag;
    minInterval = minInterval == null ? USUAL_MIN_INTERVAL : minInterval;
    history = history == null ? InitialReplication.ALL : history;
    keep = keep == null ? RetentionRules.USUAL : keep;
    keepAtPeers = keepAtPeers == null ? Optional.empty() : keepAtPeers;
    onDivergence = onDivergence == null ? OnDivergence.REPORT : onDivergence;
    hooks = hooks == null ? Optional.empty() : hooks;
    rate = rate == null ? Optional.empty() : rate;
    verify = verify == null ? Optional.empty() : verify;
    raw = raw == null ? Optional.empty() : raw;
    compressed = compressed == null ? Optional.empty() : compressed;
    if (peers.size() > MOST_PEERS || peers.stream().distinct().count() < peers.size()) {
      throw new IllegalArgumentException(
          "a policy names at most " + MOST_PEERS + " peers, and none twice");
    }
    require(SHORTEST_MAX_LAG, maxLag, LONGEST, "maxLag");
    require(SHORTEST_MIN_INTERVAL, minInterval, LONGEST, "minInterval");
    verify.ifPresent(every -> require(SHORTEST_VERIFY, every, LONGEST_VERIFY, "verify"));
    if (minInterval.compareTo(maxLag) > 0) {
      throw new IllegalArgumentException(
          "minInterval is no longer than maxLag, " + maxLag + ", not " + minInterval);
    }
    if (history == InitialReplication.FAIL) {
      throw new IllegalArgumentException("history is 'all' or 'latest'");
    }
  }

  /** What holds for copies of which nothing further is said. */
  public static Policy to(List<NodeId> peers) {
    return new Policy(peers, USUAL_MAX_LAG, USUAL_MIN_INTERVAL);
  }

  /** One whose copies are verified when somebody asks for it, and whose streams are as usual. */
  public Policy(
      List<NodeId> peers,
      Duration maxLag,
      Duration minInterval,
      InitialReplication history,
      RetentionRules keep,
      Optional<RetentionRules> keepAtPeers,
      OnDivergence onDivergence,
      Optional<HookPolicy> hooks,
      Optional<RatePolicy> rate) {
    this(
        peers,
        maxLag,
        minInterval,
        history,
        keep,
        keepAtPeers,
        onDivergence,
        hooks,
        rate,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** One that does what is usual otherwise. */
  public Policy(
      List<NodeId> peers,
      Duration maxLag,
      Duration minInterval,
      InitialReplication history,
      RetentionRules keep,
      Optional<RetentionRules> keepAtPeers) {
    this(
        peers,
        maxLag,
        minInterval,
        history,
        keep,
        keepAtPeers,
        OnDivergence.REPORT,
        Optional.empty(),
        Optional.empty());
  }

  /** One that keeps and sends what is usual. */
  public Policy(List<NodeId> peers, Duration maxLag, Duration minInterval) {
    this(
        peers, maxLag, minInterval, InitialReplication.ALL, RetentionRules.USUAL, Optional.empty());
  }

  /** Whether anybody is to hold a copy. */
  public boolean wantsCopies() {
    return !peers.isEmpty();
  }

  /** How the streams to a peer are to be made. */
  public SendWish wishFor(NodeId peer) {
    return peers.contains(peer) ? new SendWish(raw, compressed.orElse(true)) : SendWish.USUAL;
  }

  /**
   * The same policy where another node owns the volume: who gave it away takes the place that the
   * new owner had among those who hold a copy.
   */
  public Policy handedOver(NodeId giver, NodeId taker) {
    List<NodeId> others =
        peers.stream().map(peer -> peer.equals(taker) ? giver : peer).distinct().toList();
    return with(others, verify, raw);
  }

  /** The same policy with copies at these nodes. */
  public Policy at(List<NodeId> nodes) {
    return with(nodes, verify, raw);
  }

  /**
   * In what another policy differs, by the names that members have in JSON; in which order peers
   * are named makes no difference.
   */
  public List<String> differences(Policy other) {
    Map<String, Object> mine = inOrder().members();
    Map<String, Object> theirs = other.inOrder().members();
    Set<String> names = new LinkedHashSet<>(mine.keySet());
    names.addAll(theirs.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(mine.get(name), theirs.get(name)))
        .toList();
  }

  /** Its members as JSON has them, those that it says nothing of left out. */
  @SuppressWarnings("unchecked")
  public Map<String, Object> members() {
    return JsonMappers.WIRE.convertValue(this, Map.class);
  }

  private Policy inOrder() {
    return at(peers.stream().sorted(Comparator.comparing(NodeId::toString)).toList());
  }

  /** The same policy, and each copy is compared so often. */
  public Policy verifiedEvery(Duration interval) {
    return with(peers, Optional.of(interval), raw);
  }

  /** The same policy with raw streams, plain ones, or as the copy was begun. */
  public Policy sentRaw(Optional<Boolean> isRaw) {
    return with(peers, verify, isRaw);
  }

  private Policy with(List<NodeId> others, Optional<Duration> interval, Optional<Boolean> isRaw) {
    return new Policy(
        others,
        maxLag,
        minInterval,
        history,
        keep,
        keepAtPeers,
        onDivergence,
        hooks,
        rate,
        interval,
        isRaw,
        compressed);
  }

  private static void require(Duration shortest, Duration given, Duration longest, String name) {
    if (given.compareTo(shortest) < 0 || given.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "%s is %s to %s, not %s".formatted(name, shortest, longest, given));
    }
  }
}
