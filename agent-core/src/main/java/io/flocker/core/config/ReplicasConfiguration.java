package io.flocker.core.config;

import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.retention.RetentionRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this node does for others as the keeper of copies, whatever they ask.
 *
 * @param usual keys {@code keep}, {@code new-volumes}, {@code space}, {@code append-only} and
 *     {@code diverged-copies}: for peers of which nothing is said
 * @param peers key {@code peers}: the same keys for each, below its uuid; those that are left out
 *     are as for all
 */
public record ReplicasConfiguration(
    ReceiverFloor.Terms usual, Map<NodeId, ReceiverFloor.Terms> peers) {
  /** Copies are kept as their owners ask, of whomever they come. */
  public static final ReplicasConfiguration NONE =
      new ReplicasConfiguration(ReceiverFloor.Terms.NONE, Map.of());

  private static final long LEAST_SPACE = 1 << 20;
  private static final long MOST_SPACE = 1L << 60;
  private static final Duration LONGEST = Duration.ofDays(36_600);
  private static final String TAKE = "take";
  private static final String REFUSE = "refuse";

  static ReplicasConfiguration read(YamlMapping replicas) {
    ReceiverFloor.Terms usual = terms(replicas, ReceiverFloor.Terms.NONE);
    YamlMapping named = replicas.mapping("peers");
    Map<NodeId, ReceiverFloor.Terms> peers = new LinkedHashMap<>();
    for (String key : named.keys()) {
      YamlMapping one = named.mapping(key);
      ReceiverFloor.Terms terms = terms(one, usual);
      one.refuseUnknown();
      try {
        peers.put(NodeId.parse(key), terms);
      } catch (IllegalArgumentException _) {
        named.refuse(key, "is no uuid of a node");
      }
    }
    replicas.refuseUnknown();
    return new ReplicasConfiguration(usual, Map.copyOf(peers));
  }

  private static ReceiverFloor.Terms terms(YamlMapping mapping, ReceiverFloor.Terms orElse) {
    OptionalLong space = mapping.optionalBytes("space", LEAST_SPACE, MOST_SPACE);
    String usual = orElse.takesNew() ? TAKE : REFUSE;
    return new ReceiverFloor.Terms(
        keep(mapping.mapping("keep"), orElse.keep()),
        mapping.choice("new-volumes", List.of(TAKE, REFUSE), usual).equals(TAKE),
        space.isPresent() ? space : orElse.space(),
        mapping.choice("append-only", List.of(true, false), orElse.isAppendOnly()),
        mapping.number(
            "diverged-copies", 0, ReceiverFloor.Terms.MOST_DIVERGED, orElse.divergedCopies()));
  }

  private static RetentionRules keep(YamlMapping keep, RetentionRules orElse) {
    Duration within =
        keep.duration("within", Duration.ZERO, LONGEST, orElse.within().orElse(Duration.ZERO));
    RetentionRules rules =
        new RetentionRules(
            keep.number("last", 1, RetentionRules.MOST, orElse.last()),
            within.isZero() ? Optional.empty() : Optional.of(within),
            keep.number("hourly", 0, RetentionRules.MOST, orElse.hourly()),
            keep.number("daily", 0, RetentionRules.MOST, orElse.daily()),
            keep.number("weekly", 0, RetentionRules.MOST, orElse.weekly()),
            keep.number("monthly", 0, RetentionRules.MOST, orElse.monthly()),
            keep.number("yearly", 0, RetentionRules.MOST, orElse.yearly()),
            zone(keep, orElse.timeZone()));
    keep.refuseUnknown();
    return rules;
  }

  private static ZoneId zone(YamlMapping keep, ZoneId orElse) {
    String name = keep.text("time-zone", orElse.toString());
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      keep.refuse("time-zone", "is a time zone such as Europe/Berlin, not '" + name + "'");
      return orElse;
    }
  }
}
