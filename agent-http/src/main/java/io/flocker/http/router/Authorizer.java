package io.flocker.http.router;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Declaration;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides who may use which route; nothing else does. Any thread may call; nothing blocks. */
@FunctionalInterface
public interface Authorizer {
  /** Why {@code caller} may not use the route; empty if it may. */
  Optional<FailureException> objection(Certified caller, Declaration route);

  /**
   * Everyone may do what the routes declare to be for the role that the certificate names; of the
   * nodes only the peers may do anything.
   *
   * @param self the node that serves: the certificate of one node's commands is good for nothing at
   *     another node
   * @param isPeer asked anew for every request: who was taken out is refused at once
   */
  static Authorizer byRole(Principal self, Predicate<NodeId> isPeer) {
    return (certified, route) -> {
      Principal caller = certified.principal();
      if (caller instanceof Principal.Local local
          && !self.equals(new Principal.Node(local.node()))) {
        return forbidden(
            local.name()
                + " may only speak to its own node, this is "
                + self.name()
                + ". The certificate of a user may speak to all (--cert, --key): 'flocker init' has"
                + " made one, admin, where the authority is.");
      }
      Caller role = Caller.of(caller);
      if (!route.callers().contains(role)) {
        return forbidden(
            "A certificate of the kind " + role + " lacks " + route.permission() + " here.");
      }
      Optional<CertifiedPermission> lacking =
          route.demanded().filter(permission -> !certified.may(permission));
      if (lacking.isPresent()) {
        return Optional.of(lacks(lacking.get(), caller));
      }
      return caller instanceof Principal.Node node && !isPeer.test(node.id())
          ? Optional.of(stranger(node.id(), self))
          : Optional.empty();
    };
  }

  private static FailureException lacks(CertifiedPermission permission, Principal caller) {
    String name = caller instanceof Principal.User user ? user.username() : "NAME";
    return RequestFailure.FORBIDDEN
        .because(
            "the certificate of "
                + caller.name()
                + " does not have the permission "
                + permission.text()
                + ", and only a user's can; whoever keeps the cluster's authority makes one:"
                + " flocker-ca create-api-certificate --may "
                + permission.text()
                + " "
                + name)
        .with("permission", permission.text());
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
