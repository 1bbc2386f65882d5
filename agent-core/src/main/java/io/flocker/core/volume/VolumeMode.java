package io.flocker.core.volume;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may do what in the root folder of a new volume, until its users say otherwise. */
public enum VolumeMode {
  /** Root alone writes; whoever else is to write is given a folder, or the root, by it. */
  ROOT_WRITES("0755", "rwxr-xr-x"),
  /** Everybody writes, as in Flocker: what containers run as need not be known. */
  EVERYBODY_WRITES("0777", "rwxrwxrwx");

  private final String octal;
  private final String permissions;

  VolumeMode(String octal, String permissions) {
    this.octal = octal;
    this.permissions = permissions;
  }

  Set<PosixFilePermission> permissions() {
    return PosixFilePermissions.fromString(permissions);
  }

  /** The mode as chmod(1) takes it, with four digits. */
  @Override
  public String toString() {
    return octal;
  }
}
