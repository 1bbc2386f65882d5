package io.flocker.core.identity;

import java.util.Locale;

/** What a user may do only where his certificate says so, whatever routes are for users. */
public enum CertifiedPermission {
  /** Make a node the owner of a volume by force, and sign that. */
  TAKEOVER,
  /** Say whose copy lives on where two nodes claim a volume. */
  RESOLVE;

  /** As people write it, such as {@code takeover}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
