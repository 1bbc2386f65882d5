package io.flocker.core.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was counted in runs. */
final class Figures {
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Long> twoWritersMillis = new ArrayList<>();

  void count(String what) {
    var _ = counts.merge(what, 1L, Long::sum);
  }

  void twoWriters(long millis) {
    boolean _ = twoWritersMillis.add(millis);
  }

  void add(Figures other) {
    other.counts.forEach((what, many) -> counts.merge(what, many, Long::sum));
    twoWritersMillis.addAll(other.twoWritersMillis);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((what, many) -> text.append("%12d %s%n".formatted(many, what)));
    if (!twoWritersMillis.isEmpty()) {
      Collections.sort(twoWritersMillis);
      int last = twoWritersMillis.size() - 1;
      text.append(
          "where a disk went back or an operator was wrong, and no peer had to answer first, two"
              + " could write %d times, for %d ms (median), %d ms (99 %%), %d ms (longest)%n"
                  .formatted(
                      last + 1,
                      twoWritersMillis.get(last / 2),
                      twoWritersMillis.get((int) (last * 0.99)),
                      twoWritersMillis.get(last)));
    }
    return text.toString();
  }
}
