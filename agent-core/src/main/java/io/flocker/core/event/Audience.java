package io.flocker.core.event;

import io.flocker.core.identity.Permissions;
import io.flocker.core.identity.Principal;

/**
 * The only ones who may be told of an event.
 *
 * @param owner who is told in any case
 * @param permission whoever has it is told too; empty for nobody
 */
public record Audience(Principal owner, String permission) {
  /** One alone. */
  public static Audience of(Principal owner) {
    return new Audience(owner, "");
  }

  boolean includes(Principal reader, Permissions permissions) {
    return owner.equals(reader) || (!permission.isEmpty() && permissions.allow(reader, permission));
  }
}
