package io.flocker.http.route;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a caller would like, and how much (RFC 9110, section 12.4.2).
 *
 * @param weights from 0, not at all, to 1, by lower-case name without parameters
 */
public record QualityValues(Map<String, Double> weights) {
  private static final double MOST = 1;

  /** Reads a header such as {@code Accept}; what is no weight counts as none. */
  public static QualityValues parse(String header) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String element : header.split(",", -1)) {
      String[] parts = element.split(";", -1);
      String name = parts[0].strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        weights.merge(name, weight(parts), Math::max);
      }
    }
    return new QualityValues(weights);
  }

  /** The weight of the first of these names that the caller speaks of. */
  public OptionalDouble of(String... names) {
    return Stream.of(names).filter(weights::containsKey).mapToDouble(weights::get).findFirst();
  }

  /**
   * The weight of a media type, 0 if it is not wanted: what is said of the type itself counts for
   * more than what is said of a range (RFC 9110, section 12.5.1).
   */
  public double ofMediaType(String type) {
    String range = type.substring(0, type.indexOf('/')) + "/*";
    return of(type, range, "*/*").orElse(0);
  }

  private static double weight(String... parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
        return Math.min(MOST, Double.parseDouble(parameter.substring("q=".length())));
      }
    }
    return MOST;
  }
}
