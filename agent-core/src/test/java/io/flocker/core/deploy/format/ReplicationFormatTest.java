package io.flocker.core.deploy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.RatePolicy;
import io.flocker.core.retention.RetentionRules;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicationFormatTest {
  private static final ComposeSurroundings NOTHING =
      new ComposeSurroundings(
          Map.of(),
          path -> {
            throw new NoSuchFileException(path);
          });

  private static final WishedPolicy FULL =
      new WishedPolicy(
          List.of("10.0.0.1", "node-2.example"),
          new Policy(
              List.of(),
              Duration.ofSeconds(90),
              Duration.ofMillis(500),
              InitialReplication.LATEST,
              new RetentionRules(
                  5,
                  Optional.of(Duration.ofHours(48)),
                  24,
                  14,
                  8,
                  12,
                  3,
                  ZoneId.of("Europe/Berlin")),
              Optional.of(RetentionRules.ofLast(9)),
              OnDivergence.ROTATE,
              Optional.of(
                  new HookPolicy(
                      Optional.of("freeze"), Optional.of("thaw"), HookPolicy.OnFailure.GO_ON)),
              Optional.of(
                  new RatePolicy(
                      OptionalLong.of(10 << 20),
                      List.of(
                          new RatePolicy.Hours(
                              LocalTime.of(22, 0),
                              LocalTime.of(6, 30),
                              Set.of(RatePolicy.Day.MONDAY, RatePolicy.Day.SUNDAY),
                              OptionalLong.of(1 << 20))),
                      ZoneOffset.UTC)),
              Optional.of(Duration.ofHours(24)),
              Optional.of(true),
              Optional.of(false)));

  private static final String TEXT =
      """
      replication:
        peers: [node-2.example, 10.0.0.1]
        max_lag: 1m30s
        min_interval: 500ms
        history: latest
        keep: {last: 5, within: 48h, hourly: 24, daily: 14, weekly: 8, monthly: 12, yearly: 3, time_zone: Europe/Berlin}
        keep_at_peers: {last: 9}
        on_divergence: rotate
        hooks: {before: freeze, after: thaw, on_failure: go-on}
        rate: {limit: 10M, hours: [{from: 22:00, to: 06:30, days: [monday, sunday], limit: 1048576}]}
        verify: 24h
        raw: true
        compressed: false
      """;

  @Test
  void bothFilesSayAllThatTheApiDoes() throws FormatException {
    Application flocker =
        WishReader.applications(
                file(
                    "version: 1\napplications:\n  db:\n    image: a\n    volume:\n"
                        + "      mountpoint: /data\n"
                        + TEXT.indent(6)))
            .getFirst();
    Application compose =
        WishReader.compose(
                file(
                    "services: {db: {image: a, volumes: ['data:/data']}}\nvolumes:\n  data:\n"
                        + "    x-flocker:\n"
                        + TEXT.indent(6)),
                NOTHING)
            .getFirst();

    assertEquals(Optional.of(FULL), flocker.volumes().getFirst().replication());
    assertEquals(Optional.of(FULL), compose.volumes().getFirst().replication());
  }

  @Test
  void whatIsLeftOutIsAsTheApiHasIt() throws FormatException {
    Application read = WishReader.applications(file(application("{peers: [10.0.0.2]}"))).getFirst();

    assertEquals(
        Optional.of(new WishedPolicy(List.of("10.0.0.2"), Policy.to(List.of()))),
        read.volumes().getFirst().replication());
  }

  @Test
  void allThatIsWrongIsToldAtOnceByLineApplicationAndField() {
    assertEquals(
        List.of(
            "application.yml:3: application db: volume.replication.peers is missing",
            "application.yml:3: application db: volume.replication.max_lag: a duration has its"
                + " units (us, ms, s, m, h), such as 1m30s, not 'soon'",
            "application.yml:3: application db: volume.replication.history: a history is 'all' or"
                + " 'latest', not 'some'",
            "application.yml:3: application db: volume.replication.keep.last is a whole number from"
                + " 1 to 100000, not 0",
            "application.yml:3: application db: volume.replication.keep.time_zone: Unknown"
                + " time-zone ID: Mars",
            "application.yml:3: application db: volume.replication.on_divergence: it is one of"
                + " [report, rotate], not 'burn'",
            "application.yml:3: application db: volume.replication.rate.hours[0].from: a time is"
                + " hours and minutes, 22:00, not 'dusk'",
            "application.yml:3: application db: volume.replication.raw is true or false, not"
                + " 'yes'"),
        problems(
            "{max_lag: soon, history: some, keep: {last: 0, time_zone: Mars}, on_divergence: burn,"
                + " rate: {hours: [{from: dusk, to: '06:00'}]}, raw: yes}"));
    assertEquals(
        List.of(
            "application.yml:3: application db: volume.replication.peers[0]: a node is named by its"
                + " uuid, host name or IP address, not 'a b'",
            "application.yml:3: application db: volume.replication.maxLag is unknown; known are"
                + " compressed, history, hooks, keep, keep_at_peers, max_lag, min_interval,"
                + " on_divergence, peers, rate, raw, verify"),
        problems("{peers: [a b], maxLag: 1m}"));
    assertEquals(
        List.of(
            "application.yml:3: application db: volume.replication: minInterval is no longer than"
                + " maxLag, PT1S, not PT2S"),
        problems("{peers: [a], max_lag: 1s, min_interval: 2s}"));
  }

  private static List<String> problems(String replication) {
    return Refusals.ofApplications(application(replication));
  }

  private static String application(String replication) {
    return "version: 1\napplications:\n  db: {image: a, volume: {mountpoint: /d, replication: %s}}"
        .formatted(replication);
  }

  private static SourceFile file(String text) {
    return new SourceFile("application.yml", text.getBytes(UTF_8));
  }
}
