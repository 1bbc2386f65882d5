package io.flocker.core.deploy.route;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that the table says: where ports lead, and which are open. Immutable.
 *
 * @param routes for applications that run elsewhere; a port leads to one address of a family
 * @param open at which applications answer that run here
 */
public record Routing(SortedSet<Route> routes, SortedSet<ExternalPort> open) {
  /** No routes and no open ports. */
  public static final Routing NONE =
      new Routing(Collections.emptySortedSet(), Collections.emptySortedSet());

  public Routing {
    routes = Collections.unmodifiableSortedSet(new TreeSet<>(routes));
    open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
    Set<String> led = new HashSet<>();
    for (Route route : routes) {
      if (!led.add(route.port() + " " + route.family())) {
        throw new IllegalArgumentException(
            "%s leads to two addresses, one of them %s"
                .formatted(route.port(), route.to().getHostAddress()));
      }
    }
  }

  /** The same of unsorted ones. */
  public static Routing of(Collection<Route> routes, Collection<ExternalPort> open) {
    return new Routing(new TreeSet<>(routes), new TreeSet<>(open));
  }

  /** Whether nothing at all is to be there. */
  public boolean isEmpty() {
    return routes.isEmpty() && open.isEmpty();
  }

  /** The routes here that {@code other} has not. */
  SortedSet<Route> without(Routing other) {
    SortedSet<Route> rest = new TreeSet<>(routes);
    rest.removeAll(other.routes);
    return rest;
  }
}
