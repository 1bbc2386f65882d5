package io.flocker.http.router;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final String SCHEME = "https://";

  /** What RFC 3986 lets stand in a path or a query: neither a fragment nor what needs an escape. */
  private static final Pattern VISIBLE = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*");

  /**
   * A host and perhaps a port (RFC 9110, section 7.2). A comma may stand in a name (RFC 3986), but
   * joins two headers into one (RFC 9110, section 5.3), and no host has one.
   */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2}){1,255}|\\[[0-9A-Fa-f:.]{2,45}])"
              + "(?::([0-9]{1,5}))?");

  private static final int MAX_PORT = 65_535;

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
    if (!origin.startsWith("/") || !VISIBLE.matcher(origin).matches()) {
      throw malformed("'" + target + "' is not a path that starts with a slash, and its query.");
    }
    int mark = origin.indexOf('?');
    String path = mark < 0 ? origin : origin.substring(0, mark);
    String query = mark < 0 ? "" : origin.substring(mark + 1);
    return new RequestTarget(path, segments(path), parameters(query));
  }

  /** Whether a text is a host and perhaps a port, as the header Host has them. */
  public static boolean isAuthority(String text) {
    Matcher authority = AUTHORITY.matcher(text);
    return authority.matches()
        && (authority.group(1) == null || Integer.parseInt(authority.group(1)) <= MAX_PORT);
  }

  /** Without what an absolute form says of the server, which TLS has made sure of. */
  private static String originForm(String target) throws FailureException {
    if (!target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return target;
    }
    String rest = target.substring(SCHEME.length());
    int path = rest.indexOf('/');
    if (!isAuthority(path < 0 ? rest : rest.substring(0, path))) {
      throw malformed("'" + target + "' names no host.");
    }
    return path < 0 ? "/" : rest.substring(path);
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
