package io.flocker.core.storage;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What tests cannot do without. Where it is missing they are skipped and say so: a skip is counted,
 * a test that merely returns would count as passed.
 */
public final class Needs {
  /** Turns a missing root or ZFS into a failure. */
  private static final String REQUIRED = "flocker.test.zfs.required";

  /** What a ZFS that answers may lack; {@code init/check} says which of these skips it allows. */
  public enum Ability {
    STOP("needs a zfs-fuse that can be stopped"),
    RESUME("needs a ZFS that resumes a cut receive"),
    BOOKMARKS("needs a ZFS that has bookmarks"),
    ENCRYPTION("needs a ZFS that encrypts"),
    KERNEL("needs a ZFS of the kernel");

    private final String reason;

    Ability(String reason) {
      this.reason = reason;
    }
  }

  private Needs() {}

  /** Skips the rest of a test, or all of a class, where no OpenZFS is in the kernel. */
  public static void openZfs() {
    ability(Files.exists(Path.of("/sys/module/zfs")), Ability.KERNEL);
  }

  /** Skips {@code test} where nobody is root: it mounts, or makes control groups. */
  public static void root(String test) {
    if (!isRoot()) {
      missing(test, "root");
    }
  }

  /** Skips the rest of a test where the ZFS that answers is not able to do it. */
  public static void ability(boolean isThere, Ability ability) {
    if (!isThere) {
      System.out.println("SKIPPED: " + ability.reason);
      abort(ability.reason);
    }
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Skips {@code test} for want of {@code what}, or fails it where nothing may be missing. */
  public static void missing(String test, String what) {
    String message = test + " needs " + what + "; see init/with-zfs and init/with-docker";
    if (Boolean.getBoolean(REQUIRED)) {
      fail(message);
    }
    System.out.println("SKIPPED: " + message);
    abort(message);
  }
}
