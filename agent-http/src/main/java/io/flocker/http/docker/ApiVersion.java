package io.flocker.http.docker;

import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A version of the Docker Engine API; see
 * https://docs.docker.com/reference/api/engine/version-history.
 */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The oldest that has all that is asked here: of Docker 20.10, and of Podman 4. */
  static final ApiVersion OLDEST = new ApiVersion(1, 41);

  /** The newest whose changes have been looked through: of Docker 27.3. */
  static final ApiVersion NEWEST = new ApiVersion(1, 47);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /** The newest one that both sides speak, by the engine's answer to {@code /version}. */
  static ApiVersion agree(EngineAnswer answer) throws FailureException {
    JsonNode document = answer.document();
    String newestText = document.path("ApiVersion").asString("");
    ApiVersion newest =
        parse(newestText)
            .orElseThrow(() -> answer.unreadable("its ApiVersion is '" + newestText + "'"));
    ApiVersion oldest = parse(document.path("MinAPIVersion").asString("")).orElse(newest);
    ApiVersion agreed = newest.compareTo(NEWEST) < 0 ? newest : NEWEST;
    if (agreed.compareTo(OLDEST) < 0 || agreed.compareTo(oldest) < 0) {
      throw EngineFailure.ENGINE_UNSUPPORTED.because(
          "The engine at %s (%s) speaks versions %s to %s of the Docker Engine API, and flockerd %s to %s."
              .formatted(
                  answer.engine(),
                  document.path("Version").asString("of unknown version"),
                  oldest,
                  newest,
                  OLDEST,
                  NEWEST));
    }
    return agreed;
  }

  static Optional<ApiVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  /** Such as "1.41". */
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
