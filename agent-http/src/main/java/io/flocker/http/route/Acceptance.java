package io.flocker.http.route;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which of several media types a caller likes best (RFC 9110, section 12.5.1). */
public final class Acceptance {
  private static final String ACCEPT = "accept";

  private Acceptance() {}

  /**
   * The one that {@code Accept} weighs most; of several the first.
   *
   * @param offered at least one
   */
  public static String preferred(Map<String, String> headers, List<String> offered) {
    String accept = headers.getOrDefault(ACCEPT, "*/*");
    return offered.stream()
        .max(
            Comparator.comparingDouble((String type) -> weight(accept, type))
                .thenComparingInt(type -> -offered.indexOf(type)))
        .orElseThrow();
  }

  /** What the range says that fits best, 0 if none does. */
  private static double weight(String accept, String type) {
    double weight = 0;
    int best = -1;
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      int fit = fit(parts[0].strip().toLowerCase(Locale.ROOT), type);
      if (fit > best) {
        best = fit;
        weight = weight(parts);
      }
    }
    return weight;
  }

  private static int fit(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
      return 1;
    }
    return range.equals("*/*") ? 0 : -1;
  }

  private static double weight(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.matches("[qQ]=[01](\\.[0-9]{0,3})?")) {
        return Double.parseDouble(parameter.substring(2));
      }
    }
    return 1;
  }
}
