package io.flocker.http.router;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request line asks for.
 *
 * @param path as it was sent
 * @param segments the path's segments, decoded
 * @param query the query's parameters, decoded, in order
 */
public record RequestTarget(String path, List<String> segments, Map<String, List<String>> query) {
  /** The server itself, of which only OPTIONS may be asked (RFC 9112, section 3.2.4). */
  public static final RequestTarget SERVER = new RequestTarget("*", List.of(), Map.of());

  private static final int MAX_PARAMETERS = 64;

  /**
   * Reads the origin form, or the absolute and asterisk forms that a server has to accept too (RFC
   * 9112, section 3.2).
   *
   * @throws FailureException {@code MALFORMED_REQUEST} if it is none of them
   */
  public static RequestTarget parse(String target) throws FailureException {
    if (target.equals(SERVER.path())) {
      return SERVER;
    }
    String origin = originForm(target);
    if (!origin.startsWith("/")) {
      throw malformed("'" + target + "' is not a path that starts with a slash.");
    }
    int mark = origin.indexOf('?');
    String path = mark < 0 ? origin : origin.substring(0, mark);
    String query = mark < 0 ? "" : origin.substring(mark + 1);
    return new RequestTarget(path, segments(path), parameters(query));
  }

  private static String originForm(String target) {
    int scheme = target.indexOf("://");
    if (target.startsWith("/") || scheme < 0) {
      return target;
    }
    int path = target.indexOf('/', scheme + "://".length());
    return path < 0 ? "/" : target.substring(path);
  }

  private static List<String> segments(String path) throws FailureException {
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      String decoded = PercentCoding.decode(segment);
      if (decoded.contains("/") || decoded.equals(".") || decoded.equals("..")) {
        throw malformed("the path segment '" + segment + "' hides a slash or is a dot segment.");
      }
      segments.add(decoded);
    }
    return List.copyOf(segments);
  }

  private static Map<String, List<String>> parameters(String query) throws FailureException {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    String[] pairs = query.split("&", MAX_PARAMETERS + 1);
    if (pairs.length > MAX_PARAMETERS) {
      throw malformed("the query has more than " + MAX_PARAMETERS + " parameters.");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.computeIfAbsent(text(name), _ -> new ArrayList<>()).add(text(value));
    }
    return parameters;
  }

  /** In a query a plus sign is a space (WHATWG URL, application/x-www-form-urlencoded). */
  private static String text(String encoded) throws FailureException {
    return PercentCoding.decode(encoded.replace('+', ' '));
  }

  private static FailureException malformed(String detail) {
    return RequestFailure.MALFORMED_REQUEST.because(detail);
  }
}
