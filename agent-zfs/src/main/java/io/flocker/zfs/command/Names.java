package io.flocker.zfs.command;

import java.util.regex.Pattern;

/**
 * The last check of every name before it becomes an argument. What {@code zfs} would read as
 * something else than one name is a mistake of ours: {@code a%b} names a range of snapshots to
 * destroy, {@code -r} an option. What stands behind a dataset and its sign may begin as it likes.
 */
public final class Names {
  private static final String PART = "[A-Za-z0-9_.:][A-Za-z0-9_.: -]*"; // zfs(8), less a first '-'
  private static final Pattern ONE = Pattern.compile(PART);
  private static final Pattern POINT = Pattern.compile("[A-Za-z0-9_.: -]+");
  private static final Pattern PATH = Pattern.compile(PART + "(/" + PART + ")*");
  private static final int MAX_LENGTH = 255; // ZFS_MAX_DATASET_NAME_LEN less the final NUL

  private final String pool;

  /** Names of datasets below {@code pool}. */
  public Names(String pool) {
    this.pool = checked("pool", ONE, pool);
  }

  /** The pool's name. */
  public String pool() {
    return pool;
  }

  /**
   * A dataset below the pool's root.
   *
   * @throws IllegalArgumentException for any other name
   */
  public String dataset(String name) {
    if (!name.startsWith(pool + "/")) {
      throw new IllegalArgumentException("'" + name + "' is not in the pool " + pool);
    }
    return checked("dataset", PATH, name);
  }

  /** {@code dataset@snapshot}. */
  public String snapshot(String dataset, String snapshot) {
    return within(dataset(dataset) + "@" + checked("snapshot", POINT, snapshot));
  }

  /** {@code dataset#bookmark}. */
  public String bookmark(String dataset, String bookmark) {
    return within(dataset(dataset) + "#" + checked("bookmark", POINT, bookmark));
  }

  /** The base of an increment, with its sign: {@code @a} or {@code #b}. */
  public static String base(String base) {
    if (!base.startsWith("@") && !base.startsWith("#")) {
      throw new IllegalArgumentException(
          "a base is '@snapshot' or '#bookmark', not '" + base + "'");
    }
    return base.charAt(0) + checked("base", POINT, base.substring(1));
  }

  /** The tag of a hold. */
  public static String tag(String tag) {
    return checked("tag", ONE, tag);
  }

  private static String checked(String what, Pattern form, String name) {
    if (!form.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a " + what);
    }
    return within(name);
  }

  private static String within(String name) {
    if (name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "'" + name + "' is longer than " + MAX_LENGTH + " characters");
    }
    return name;
  }
}
