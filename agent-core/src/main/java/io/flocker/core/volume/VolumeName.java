package io.flocker.core.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/**
 * What people call a volume, {@code <namespace>.<id>}; split at the first period.
 *
 * @param namespace no period in it
 * @param id may hold periods
 */
public record VolumeName(String namespace, String id) implements Comparable<VolumeName> {
  /** Longest whole name, so that {@code <pool>/<uuid>.<name>@<snapshot>} stays below ZFS's 255. */
  public static final int MAX_LENGTH = 100;

  private static final Comparator<VolumeName> ORDER =
      Comparator.comparing(VolumeName::namespace).thenComparing(VolumeName::id);

  public VolumeName {
    if (!isOf(namespace, "-") || !isOf(id, "-.")) {
      throw new IllegalArgumentException(
          "a volume's name is <namespace>.<id> of letters, digits, '_', '-' (and '.' in the id),"
              + " not '"
              + namespace
              + "."
              + id
              + "'");
    }
    if (namespace.length() + 1 + id.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a volume's name has at most " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Parses {@code <namespace>.<id>}.
   *
   * @throws IllegalArgumentException if there is no period or a part is malformed
   */
  @JsonCreator
  public static VolumeName parse(String text) {
    int period = text.indexOf('.');
    if (period < 0) {
      throw new IllegalArgumentException(
          "a volume's name is <namespace>.<id>, for example default.mongodb, not '" + text + "'");
    }
    return new VolumeName(text.substring(0, period), text.substring(period + 1));
  }

  /** By namespace, then by id. */
  @Override
  public int compareTo(VolumeName other) {
    return ORDER.compare(this, other);
  }

  @JsonValue
  @Override
  public String toString() {
    return namespace + "." + id;
  }

  /** Not a regular expression: every listing asks for every dataset. */
  private static boolean isOf(String part, String furtherThanFirst) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean isWord =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (!isWord && (i == 0 || furtherThanFirst.indexOf(c) < 0)) {
        return false;
      }
    }
    return !part.isEmpty();
  }
}
