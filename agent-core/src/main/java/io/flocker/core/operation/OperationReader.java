package io.flocker.core.operation;

import io.flocker.core.identity.Permissions;
import io.flocker.core.identity.Principal;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who asks for operations: sees its own, and those of others that it could have started itself.
 *
 * @param kinds the kinds that it could start
 */
public record OperationReader(Principal principal, Set<String> kinds) {
  /** One who sees its own alone. */
  public static OperationReader ofOwn(Principal principal) {
    return new OperationReader(principal, Set.of());
  }

  /** One who sees what {@code permissions} allow. */
  public static OperationReader of(
      Principal principal, OperationKinds kinds, Permissions permissions) {
    return new OperationReader(
        principal,
        kinds.all().stream()
            .filter(kind -> permissions.allow(principal, kind.permission()))
            .map(OperationKind::name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  boolean maySee(Principal owner, String kind) {
    return owner.equals(principal) || kinds.contains(kind);
  }
}
