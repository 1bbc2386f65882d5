package io.flocker.cli.watch;

/**
 * What somebody has chosen to see of the volumes.
 *
 * @param first how many are scrolled past; what is too much is what there is
 * @param filter only volumes with that text; all if empty
 * @param isTyping whether keys are letters of the filter
 * @param isHelp whether the keys are shown in place of the volumes
 * @param hasLeft whether he wants to see no more
 */
record View(
    Order order,
    boolean isReversed,
    int first,
    String filter,
    boolean isTyping,
    boolean isHelp,
    boolean hasLeft) {
  private static final int LONGEST_FILTER = 60;

  /** What is worst, first. */
  static final View FIRST = new View(Order.STATE, false, 0, "", false, false, false);

  /**
   * How many volumes there are to scroll through.
   *
   * @param first that is shown
   * @param rows that have room at once
   * @param total that fit the filter
   */
  record Page(int first, int rows, int total) {
    static final Page NONE = new Page(0, 1, 0);

    /** One that ends with the last one, wherever {@code wanted} lies. */
    static Page at(int wanted, int rows, int total) {
      return new Page(Math.clamp(wanted, 0, Math.max(0, total - rows)), rows, total);
    }
  }

  /**
   * The view after a key.
   *
   * @param key a character, or the sequence that a terminal sends for another key (ECMA-48)
   * @param page that is shown
   */
  View after(String key, Page page) {
    if (isTyping) {
      return typed(key);
    }
    if (isHelp && !key.equals("q")) {
      return new View(order, isReversed, first, filter, false, false, false);
    }
    return switch (key) {
      case "q" -> new View(order, isReversed, first, filter, false, isHelp, true);
      case "?" -> new View(order, isReversed, first, filter, false, true, false);
      case "s" -> sorted(order.next(), false);
      case "r" -> sorted(order, !isReversed);
      case "/" -> filtered(filter, true);
      case Keys.ESCAPE -> filtered("", false);
      case "k", Keys.UP, Keys.UP_APPLICATION -> scrolled(page.first() - 1);
      case "j", Keys.DOWN, Keys.DOWN_APPLICATION -> scrolled(page.first() + 1);
      case Keys.PAGE_UP -> scrolled(page.first() - page.rows());
      case Keys.PAGE_DOWN, " " -> scrolled(page.first() + page.rows());
      case "g", Keys.HOME, Keys.HOME_APPLICATION, Keys.HOME_VT -> scrolled(0);
      case "G", Keys.END, Keys.END_APPLICATION, Keys.END_VT -> scrolled(page.total());
      default -> this;
    };
  }

  private View typed(String key) {
    return switch (key) {
      case Keys.ESCAPE -> filtered("", false);
      case "\r", "\n" -> filtered(filter, false);
      case "\b", Keys.DELETE ->
          filtered(
              filter.isEmpty()
                  ? ""
                  : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)),
              true);
      default ->
          key.codePointCount(0, key.length()) == 1
                  && !Character.isISOControl(key.codePointAt(0))
                  && filter.length() < LONGEST_FILTER
              ? filtered(filter + key, true)
              : this;
    };
  }

  private View sorted(Order by, boolean reversed) {
    return new View(by, reversed, 0, filter, false, false, false);
  }

  private View filtered(String text, boolean typing) {
    return new View(order, isReversed, text.equals(filter) ? first : 0, text, typing, false, false);
  }

  private View scrolled(int to) {
    return new View(order, isReversed, Math.max(0, to), filter, false, false, false);
  }
}
