package io.flocker.http.router;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Declaration;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides who may use which route; nothing else does. Any thread may call; nothing blocks. */
@FunctionalInterface
public interface Authorizer {
  /** Why {@code caller} may not use the route; empty if it may. */
  Optional<FailureException> objection(Principal caller, Declaration route);

  /**
   * Everyone may do what the routes declare to be for the role that the certificate names; of the
   * nodes only the peers may do anything.
   *
   * @param self the node that serves: the certificate of one node's commands is good for nothing at
   *     another node
   * @param isPeer asked anew for every request: who was taken out is refused at once
   */
  static Authorizer byRole(Principal self, Predicate<NodeId> isPeer) {
    return (caller, route) -> {
      if (caller instanceof Principal.Local local
          && !self.equals(new Principal.Node(local.node()))) {
        return forbidden(
            local.name() + " may only speak to its own node, this is " + self.name() + ".");
      }
      Caller role = Caller.of(caller);
      if (!route.callers().contains(role)) {
        return forbidden(
            "A certificate of the kind " + role + " lacks " + route.permission() + " here.");
      }
      return caller instanceof Principal.Node node && !isPeer.test(node.id())
          ? Optional.of(stranger(node.id(), self))
          : Optional.empty();
    };
  }

  private static Optional<FailureException> forbidden(String why) {
    return Optional.of(RequestFailure.FORBIDDEN.because(why));
  }

  private static FailureException stranger(NodeId caller, Principal self) {
    FailureException why =
        RequestFailure.NOT_A_PEER.because(
            "node " + caller + " is not among the peers of " + self.name() + ".");
    return self instanceof Principal.Node node ? why.with("node", node.id()) : why;
  }
}
