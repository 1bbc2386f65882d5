package io.flocker.core.identity;

import java.util.Set;

/**
 * What a verified certificate says of its holder.
 *
 * @param permissions beside those of all holders of its kind; only a user's has any
 */
public record Certified(Principal principal, Set<CertifiedPermission> permissions) {
  public Certified {
    permissions = Set.copyOf(permissions);
  }

  /** A holder of no permission of his own. */
  public static Certified plain(Principal principal) {
    return new Certified(principal, Set.of());
  }

  /** Whether the certificate says that he may. */
  public boolean may(CertifiedPermission permission) {
    return permissions.contains(permission);
  }
}
