package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.route.Routing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Parts of sentences. */
final class Texts {
  /** How many of a kind are named; nobody reads more. */
  private static final int NAMED = 10;

  private Texts() {}

  static String list(Collection<?> all) {
    String named =
        all.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
    return all.size() <= NAMED ? named : named + " and " + (all.size() - NAMED) + " more";
  }

  static String because(List<Reason> reasons) {
    return ": " + reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
  }

  static List<Reason> sorted(List<Reason> reasons) {
    return reasons.stream().sorted().toList();
  }

  /** What becomes of the routes and open ports. */
  static String routing(Routing from, Routing to) {
    List<String> parts = new ArrayList<>();
    add(parts, "lead ", rest(to.routes(), from.routes()));
    add(parts, "lead no longer ", rest(from.routes(), to.routes()));
    add(parts, "open ", rest(to.open(), from.open()));
    add(parts, "close ", rest(from.open(), to.open()));
    return parts.isEmpty() ? "put the routes right that others changed" : String.join("; ", parts);
  }

  private static void add(List<String> parts, String verb, Collection<?> all) {
    if (!all.isEmpty()) {
      parts.add(verb + list(all));
    }
  }

  private static <T> Collection<T> rest(Collection<T> all, Collection<T> others) {
    Collection<T> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
