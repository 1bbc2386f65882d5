package io.flocker.core.deploy.format;

import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.RatePolicy;
import io.flocker.core.retention.RetentionRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which nodes hold a volume, as files say it: the members of the API's replication policy in the
 * words of files, {@code max_lag} for {@code maxLag}, {@code 1m30s} for its durations, {@code 10M}
 * for its sizes.
 */
final class ReplicationFormat {
  private static final long MOST_KEPT = RetentionRules.MOST;

  private ReplicationFormat() {}

  /** One of them; empty if something is wrong, which is noted. */
  static Optional<WishedPolicy> read(Field whole) {
    Fields fields = whole.mapping();
    Optional<Field> named = fields.require("peers");
    List<String> peers = FlockerFormat.list(named, peer -> peer.text(WishedPolicy::requireNode));
    Optional<Duration> maxLag = duration(fields, "max_lag");
    Optional<Duration> minInterval = duration(fields, "min_interval");
    Optional<InitialReplication> history = text(fields, "history", InitialReplication::parse);
    Optional<RetentionRules> keep = fields.find("keep").flatMap(ReplicationFormat::retention);
    Optional<RetentionRules> keepAtPeers =
        fields.find("keep_at_peers").flatMap(ReplicationFormat::retention);
    Optional<OnDivergence> onDivergence =
        text(fields, "on_divergence", word -> oneOf(OnDivergence.values(), word));
    Optional<HookPolicy> hooks = fields.find("hooks").flatMap(ReplicationFormat::hooks);
    Optional<RatePolicy> rate = fields.find("rate").flatMap(ReplicationFormat::rate);
    Optional<Duration> verify = duration(fields, "verify");
    Optional<Boolean> raw = fields.find("raw").flatMap(Field::flag);
    Optional<Boolean> compressed = fields.find("compressed").flatMap(Field::flag);
    fields.refuseUnknown();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    return whole.attempt(() ->
        new WishedPolicy(
            peers,
            new Policy(
                List.of(),
                maxLag.orElse(Policy.USUAL_MAX_LAG),
                minInterval.orElse(Policy.USUAL_MIN_INTERVAL),
                history.orElse(InitialReplication.ALL),
                keep.orElse(RetentionRules.USUAL),
                keepAtPeers,
                onDivergence.orElse(OnDivergence.REPORT),
                hooks,
                rate,
                verify,
                raw,
                compressed)));
  }

  private static Optional<RetentionRules> retention(Field whole) {
    Fields fields = whole.mapping();
    OptionalLong last =
        fields
            .find("last")
            .map(field -> field.number(1, MOST_KEPT))
            .orElse(OptionalLong.of(RetentionRules.USUAL.last()));
    Optional<Duration> within = duration(fields, "within");
    int hourly = count(fields, "hourly");
    int daily = count(fields, "daily");
    int weekly = count(fields, "weekly");
    int monthly = count(fields, "monthly");
    int yearly = count(fields, "yearly");
    ZoneId zone = zone(fields);
    fields.refuseUnknown();
    return whole.attempt(() ->
        new RetentionRules(
            (int) last.orElse(1), within, hourly, daily, weekly, monthly, yearly, zone));
  }

  private static int count(Fields fields, String key) {
    return (int)
        fields
            .find(key)
            .map(field -> field.number(0, MOST_KEPT))
            .orElse(OptionalLong.empty())
            .orElse(0);
  }

  private static Optional<HookPolicy> hooks(Field whole) {
    Fields fields = whole.mapping();
    Optional<String> before = fields.find("before").flatMap(Field::text);
    Optional<String> after = fields.find("after").flatMap(Field::text);
    Optional<HookPolicy.OnFailure> onFailure =
        text(fields, "on_failure", word -> oneOf(HookPolicy.OnFailure.values(), word));
    fields.refuseUnknown();
    return whole.attempt(
        () -> new HookPolicy(before, after, onFailure.orElse(HookPolicy.OnFailure.NO_SNAPSHOT)));
  }

  private static Optional<RatePolicy> rate(Field whole) {
    Fields fields = whole.mapping();
    OptionalLong limit = size(fields);
    List<RatePolicy.Hours> hours =
        FlockerFormat.list(fields.find("hours"), ReplicationFormat::hours);
    ZoneId zone = zone(fields);
    fields.refuseUnknown();
    return whole.attempt(() -> new RatePolicy(limit, hours, zone));
  }

  private static Optional<RatePolicy.Hours> hours(Field whole) {
    Fields fields = whole.mapping();
    Optional<LocalTime> from = fields.require("from").flatMap(ReplicationFormat::time);
    Optional<LocalTime> to = fields.require("to").flatMap(ReplicationFormat::time);
    Set<RatePolicy.Day> days = EnumSet.noneOf(RatePolicy.Day.class);
    days.addAll(
        FlockerFormat.list(
            fields.find("days"), day -> day.text(word -> oneOf(RatePolicy.Day.values(), word))));
    OptionalLong limit = size(fields);
    fields.refuseUnknown();
    return from.flatMap(begin ->
        to.flatMap(end -> whole.attempt(() -> new RatePolicy.Hours(begin, end, days, limit))));
  }

  private static Optional<LocalTime> time(Field field) {
    return field.text(text -> {
      if (!text.matches("[0-9]{2}:[0-9]{2}")) {
        throw new IllegalArgumentException(
            "a time is hours and minutes, 22:00, not '" + text + "'");
      }
      return timed(() -> LocalTime.parse(text));
    });
  }

  private static ZoneId zone(Fields fields) {
    return text(fields, "time_zone", name -> timed(() -> ZoneId.of(name))).orElse(ZoneOffset.UTC);
  }

  private static OptionalLong size(Fields fields) {
    return fields
        .find("limit")
        .flatMap(field -> field.word(Sizes::flocker))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private static Optional<Duration> duration(Fields fields, String key) {
    return text(fields, key, ComposeDuration::parse);
  }

  private static <T> Optional<T> text(Fields fields, String key, Function<String, T> parser) {
    return fields.find(key).flatMap(field -> field.text(parser));
  }

  private static <T> T timed(Supplier<T> parser) {
    try {
      return parser.get();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static <E> E oneOf(E[] all, String word) {
    for (E one : all) {
      if (one.toString().equals(word)) {
        return one;
      }
    }
    throw new IllegalArgumentException("it is one of " + List.of(all) + ", not '" + word + "'");
  }
}
