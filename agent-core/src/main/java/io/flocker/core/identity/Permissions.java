package io.flocker.core.identity;

/** Who may do what. Any thread may call; nothing blocks. */
@FunctionalInterface
public interface Permissions {
  /** Nobody may do anything. */
  Permissions NONE = (_, _) -> false;

  /**
   * Whether {@code caller} may do what needs {@code permission}.
   *
   * @param permission such as {@code volume:push}
   */
  boolean allow(Principal caller, String permission);
}
