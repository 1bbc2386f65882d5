package io.flocker.core.deploy.format;

import io.flocker.core.deploy.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How Compose has a service's health tested. */
final class ComposeHealth {
  private static final int MOST_RETRIES = 1_000;

  private ComposeHealth() {}

  /** What it says; empty if something is wrong, which is noted. */
  static Optional<HealthCheck> read(Field whole) {
    Fields fields = whole.mapping();
    boolean isDisabled = fields.find("disable").flatMap(Field::flag).orElse(false);
    Duration interval = duration(fields, "interval", HealthCheck.USUAL);
    Duration timeout = duration(fields, "timeout", HealthCheck.USUAL);
    Duration startPeriod = duration(fields, "start_period", Duration.ZERO);
    OptionalLong retries =
        fields
            .find("retries")
            .map(field -> field.digits(1, MOST_RETRIES))
            .orElse(OptionalLong.empty());
    Optional<Field> given = isDisabled ? fields.find("test") : fields.require("test");
    if (isDisabled) {
      given.ifPresent(
          test -> test.refuse("is not run, since disable says so; leave one of them out"));
    }
    fields.refuseUnknown();
    Optional<List<String>> test =
        isDisabled ? Optional.of(List.of("NONE")) : given.flatMap(ComposeHealth::test);
    return test.flatMap(words ->
        given
            .orElse(whole)
            .attempt(() ->
                new HealthCheck(
                    words,
                    interval,
                    timeout,
                    startPeriod,
                    (int) retries.orElse(HealthCheck.USUAL_RETRIES))));
  }

  private static Optional<List<String>> test(Field field) {
    return field.isList()
        ? Optional.of(field.texts())
        : field.text().map(line -> List.of("CMD-SHELL", line));
  }

  private static Duration duration(Fields fields, String key, Duration otherwise) {
    return fields.find(key).flatMap(field -> field.text(ComposeDuration::parse)).orElse(otherwise);
  }
}
