package io.flocker.core.storage;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The ZFS properties that belong to a volume, and follow it to every node that has it. No other
 * ever does: the properties of a {@code send -p} stream could move a mountpoint or switch readonly
 * off.
 */
public final class VolumeProperties {
  /** How much the content may take; {@value #NONE} is no limit. */
  public static final String QUOTA = "refquota";

  /**
   * Name of the user property of a sealed dataset that keeps the volume's quota, as {@link #QUOTA}
   * has it.
   */
  public static final String KEPT_QUOTA = "flocker:quota";

  /** The value of a {@link #QUOTA} that limits nothing. */
  public static final String NONE = "none";

  /** The value of a property that is not set on the volume itself. */
  public static final String INHERITED = "inherit";

  /** Those that ZFS may inherit. */
  public static final Set<String> INHERITABLE = Set.of("compression", "recordsize");

  /** The largest quota, in bytes, that nodes tell each other: more than a pool can hold. */
  public static final long MAX_QUOTA = 999_999_999_999_999_999L;

  private static final Pattern VALUE = Pattern.compile("[a-z0-9.-]{1,32}");
  private static final Pattern QUOTA_VALUE = Pattern.compile(NONE + "|[0-9]{1,18}");

  private VolumeProperties() {}

  /** Whether the property follows the volume. */
  public static boolean follows(String name) {
    return name.equals(QUOTA) || INHERITABLE.contains(name);
  }

  /** All that follow the volume that a dataset is, whether they are set or not. */
  public static Map<String, String> of(Dataset dataset) {
    Map<String, String> all = new TreeMap<>();
    INHERITABLE.forEach(name -> all.put(name, dataset.settings().getOrDefault(name, INHERITED)));
    all.put(QUOTA, quota(dataset.limitBytes()));
    return all;
  }

  /** A quota as the value of {@link #QUOTA}; one above {@link #MAX_QUOTA} limits nothing. */
  public static String quota(long bytes) {
    return bytes == 0 || bytes > MAX_QUOTA ? NONE : Long.toString(bytes);
  }

  /**
   * What a value of {@link #QUOTA} means; 0 is none.
   *
   * @throws IllegalArgumentException if it is neither a number of bytes nor {@value #NONE}
   */
  public static long quotaBytes(String value) {
    requireForm(QUOTA, QUOTA_VALUE, value);
    return value.equals(NONE) ? 0 : Long.parseLong(value);
  }

  /** What a {@link #KEPT_QUOTA} means; one that somebody else wrote limits nothing. */
  public static long keptBytes(String value) {
    return QUOTA_VALUE.matcher(value).matches() ? quotaBytes(value) : 0;
  }

  /**
   * Those of {@code properties} that follow a volume; the others are ignored as unknown members
   * are.
   *
   * @throws IllegalArgumentException if the value of one is not a plain word or number
   */
  public static Map<String, String> filter(Map<String, String> properties) {
    Map<String, String> listed = new TreeMap<>(properties);
    listed.keySet().removeIf(name -> !follows(name));
    listed.forEach(
        (name, value) -> requireForm(name, name.equals(QUOTA) ? QUOTA_VALUE : VALUE, value));
    return Collections.unmodifiableMap(listed);
  }

  private static void requireForm(String name, Pattern form, String value) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' cannot be a value of " + name);
    }
  }
}
