package io.flocker.core.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * What people call a volume, {@code <namespace>.<id>}; split at the first period.
 *
 * @param namespace no period in it
 * @param id may hold periods
 */
public record VolumeName(String namespace, String id) {
  /** Longest whole name, so that {@code <pool>/<uuid>.<name>@<snapshot>} stays below ZFS's 255. */
  public static final int MAX_LENGTH = 100;

  private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_-]*");
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]*");

  public VolumeName {
    if (!NAMESPACE.matcher(namespace).matches() || !ID.matcher(id).matches()) {
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

  @JsonValue
  @Override
  public String toString() {
    return namespace + "." + id;
  }
}
