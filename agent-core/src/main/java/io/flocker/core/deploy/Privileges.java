package io.flocker.core.deploy;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;

/**
 * What a container may do beyond or below the engine's usual.
 *
 * @param readOnly whether all of its file system but its volumes is read-only
 * @param addedCapabilities such as {@code NET_ADMIN}, or {@code ALL}
 * @param droppedCapabilities such as {@code CHOWN}, or {@code ALL}
 */
public record Privileges(
    boolean readOnly, SortedSet<String> addedCapabilities, SortedSet<String> droppedCapabilities) {
  /** The engine's usual. */
  public static final Privileges USUAL =
      new Privileges(false, Copies.sorted(List.of()), Copies.sorted(List.of()));

  private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z0-9_]{0,40}");

  public Privileges {
    addedCapabilities = capabilities(addedCapabilities);
    droppedCapabilities = capabilities(droppedCapabilities);
  }

  private static SortedSet<String> capabilities(Collection<String> given) {
    SortedSet<String> copy = Copies.sorted(given);
    for (String capability : copy) {
      if (!CAPABILITY.matcher(capability).matches()) {
        throw new IllegalArgumentException(
            "a capability is a word such as NET_ADMIN, not '" + capability + "'");
      }
    }
    return copy;
  }
}
