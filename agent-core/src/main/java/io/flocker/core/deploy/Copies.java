package io.flocker.core.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Parts of records as they keep them: unchangeable, in one order, so that what means the same is
 * equal. What JSON leaves out comes as null and is empty.
 */
final class Copies {
  private Copies() {}

  static <V> SortedMap<String, V> sorted(Map<String, V> given) {
    return Collections.unmodifiableSortedMap(
        given == null ? new TreeMap<>() : new TreeMap<>(given));
  }

  static SortedSet<String> sorted(Collection<String> given) {
    return Collections.unmodifiableSortedSet(
        given == null ? new TreeSet<>() : new TreeSet<>(given));
  }

  static <T extends Comparable<T>> List<T> sortedList(Collection<T> given) {
    List<T> copy = given == null ? new ArrayList<>() : new ArrayList<>(given);
    Collections.sort(copy);
    return Collections.unmodifiableList(copy);
  }

  /**
   * Makes sure that {@code value} is not less than {@code least}.
   *
   * @param what with its article, for the message
   * @throws IllegalArgumentException if it is
   */
  static void atLeast(long least, long value, String what) {
    if (value < least) {
      throw new IllegalArgumentException(what + " is at least " + least + ", not " + value);
    }
  }
}
