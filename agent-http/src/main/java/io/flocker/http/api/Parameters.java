package io.flocker.http.api;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.JsonRequest;
import io.flocker.http.route.Parameter;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Parameters that several routes have. */
public final class Parameters {
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}");
  private static final int USUAL_LIMIT = 100;

  /** Of every path below one volume. */
  public static final Parameter VOLUME =
      Parameter.path("id", "uuid", "The volume's id, which never changes.");

  /** Of routes that can tell what they would do. */
  public static final Parameter DRY_RUN =
      Parameter.query("dry-run", "flag", "Whether to answer the plan and do nothing.");

  /** Of reads: the tag of what the caller has read before. */
  public static final Parameter IF_NONE_MATCH =
      Parameter.header(
          "If-None-Match", "etag", "The ETag that is known: 304 without a body if it still is it.");

  /** Of changes: the tag of what the caller has decided by. */
  public static final Parameter IF_MATCH =
      Parameter.header("If-Match", "etag", "The ETag that was read: 412 if it has changed since.");

  /** What tells whether something has changed. */
  public static final Parameter ETAG =
      Parameter.header("ETag", "etag", "What it is now, for If-Match and If-None-Match.");

  /** Of changes that a peer's copy may suffer from. */
  public static final Parameter FORCE =
      Parameter.query(
          "force", "flag", "Whether even what the next increment to a peer starts from.");

  private Parameters() {}

  /**
   * A flag of the query, which is false unless it is there.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} if it is neither true nor false
   */
  public static boolean isSet(JsonRequest request, Parameter flag) throws FailureException {
    String value = request.parameter(flag.name()).orElse("false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw RequestFailure.MALFORMED_REQUEST.because(
              flag.name() + " is true or false, not '" + value + "'");
    };
  }

  /**
   * A query parameter in its own type.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} if it is not of that type
   */
  public static <T> Optional<T> parsed(JsonRequest request, String name, Function<String, T> parser)
      throws FailureException {
    try {
      return request.parameter(name).map(parser);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(name + ": " + e.getMessage());
    }
  }

  /**
   * How many a page may tell: 1 to 999, 100 unless something else is said.
   *
   * @throws FailureException {@code MALFORMED_REQUEST}
   */
  static int limit(JsonRequest request) throws FailureException {
    return parsed(request, "limit", Parameters::limit).orElse(USUAL_LIMIT);
  }

  private static int limit(String text) {
    if (!LIMIT.matcher(text).matches()) {
      throw new IllegalArgumentException("1 to 999 are told at once, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }
}
