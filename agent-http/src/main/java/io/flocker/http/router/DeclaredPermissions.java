package io.flocker.http.router;

import io.flocker.core.identity.Permissions;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Route;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who may do what, by the declarations of routes: a kind of caller has a permission if every route
 * that asks for it is declared for that kind.
 */
public final class DeclaredPermissions implements Permissions {
  private volatile Map<String, Set<Caller>> callers = Map.of();

  /** Nobody may do anything before {@link #declare}. */
  public DeclaredPermissions() {}

  /** Goes by these routes from now on. */
  public void declare(Collection<? extends Route> routes) {
    Map<String, Set<Caller>> declared = new HashMap<>();
    for (Route route : routes) {
      declared
          .computeIfAbsent(route.declaration().permission(), _ -> EnumSet.allOf(Caller.class))
          .retainAll(route.declaration().callers());
    }
    callers = Map.copyOf(declared);
  }

  @Override
  public boolean allow(Principal caller, String permission) {
    return callers.getOrDefault(permission, Set.of()).contains(Caller.of(caller));
  }
}
