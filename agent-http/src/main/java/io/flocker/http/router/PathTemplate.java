package io.flocker.http.router;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path such as {@code /v1/volumes/{id}}.
 *
 * @param segments literals, and variables in braces
 */
record PathTemplate(List<String> segments) {
  /** Sorts behind every letter, digit and dash; see ascii(7). */
  private static final String VARIABLE = "{}";

  static PathTemplate parse(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("the route's path '" + path + "' needs a leading slash");
    }
    return new PathTemplate(List.of(path.substring(1).split("/", -1)));
  }

  /** The variables, if this is the template of a path of these segments. */
  Optional<Map<String, String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String segment = segments.get(i);
      if (isVariable(segment) && !path.get(i).isEmpty()) {
        variables.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(variables));
  }

  /**
   * The same for templates that match the same paths. A variable sorts behind a literal, so that
   * {@code /v1/volumes/new} would win over {@code /v1/volumes/{id}}.
   */
  String shape() {
    return String.join("/", segments.stream().map(s -> isVariable(s) ? VARIABLE : s).toList());
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
