package io.flocker.http.router;

import io.flocker.core.identity.Principal;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Declaration;
import java.util.Optional;

/** Decides who may use which route; nothing else does. Any thread may call. */
@FunctionalInterface
public interface Authorizer {
  /** Why {@code caller} may not use the route, as a sentence; empty if it may. */
  Optional<String> objection(Principal caller, Declaration route);

  /**
   * Everyone may do what the routes declare to be for the role that the certificate names.
   *
   * @param self the node that serves: the certificate of one node's commands is good for nothing at
   *     another node
   */
  static Authorizer byRole(Principal self) {
    return (caller, route) -> {
      if (caller instanceof Principal.Local local
          && !self.equals(new Principal.Node(local.node()))) {
        return Optional.of(
            local.name() + " may only speak to its own node, this is " + self.name() + ".");
      }
      Caller role = Caller.of(caller);
      return route.callers().contains(role)
          ? Optional.empty()
          : Optional.of(
              "A certificate of the kind " + role + " lacks " + route.permission() + " here.");
    };
  }
}
