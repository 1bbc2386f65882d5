package io.flocker.core.deploy.plan;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of sentences. */
final class Texts {
  private Texts() {}

  static String list(Collection<?> all) {
    return all.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  static String because(List<Reason> reasons) {
    return ": " + reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
  }

  static List<Reason> sorted(List<Reason> reasons) {
    return reasons.stream().sorted().toList();
  }
}
