package io.flocker.http.route;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which of several media types a caller likes best (RFC 9110, section 12.5.1). */
public final class ContentNegotiation {
  private static final String ACCEPT = "accept";

  private ContentNegotiation() {}

  /**
   * The one that {@code Accept} weighs most; of several the first.
   *
   * @param offered at least one
   */
  public static String preferred(Map<String, String> headers, List<String> offered) {
    QualityValues preferences = QualityValues.parse(headers.getOrDefault(ACCEPT, "*/*"));
    return offered.stream()
        .max(
            Comparator.comparingDouble(preferences::ofMediaType)
                .thenComparingInt(type -> -offered.indexOf(type)))
        .orElseThrow();
  }
}
