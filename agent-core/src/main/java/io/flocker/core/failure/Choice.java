package io.flocker.core.failure;

import java.util.List;
import java.util.stream.Collectors;

/** What people mean by words that fit some things: one alone, or they are told. */
public final class Choice {
  /** More would not help anybody who has mistyped something. */
  private static final int MOST_TOLD = 16;

  private Choice() {}

  /**
   * The only thing that fits.
   *
   * @param said what people have said
   * @param fitting all that fits
   * @param titles what people know each of these by, in their order
   * @param none why nothing does, thrown where that is so
   * @throws FailureException {@code AMBIGUOUS_REFERENCE} where several fit, or {@code none}
   */
  public static <T> T only(String said, List<T> fitting, List<String> titles, FailureException none)
      throws FailureException {
    if (fitting.isEmpty()) {
      throw none;
    }
    if (fitting.size() > 1) {
      throw RequestFailure.AMBIGUOUS_REFERENCE.because("'" + said + "' can mean " + list(titles));
    }
    return fitting.getFirst();
  }

  /** Some of these, as many as help anybody. */
  public static String list(List<String> titles) {
    String told = titles.stream().limit(MOST_TOLD).collect(Collectors.joining(", "));
    return titles.size() > MOST_TOLD
        ? told + " and " + (titles.size() - MOST_TOLD) + " others"
        : told;
  }
}
