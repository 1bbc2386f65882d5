package io.flocker.core.simulation;

import io.flocker.core.id.VolumeId;

/** What must never be, and is. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient VolumeId volume;

  Violation(VolumeId volume, String what) {
    super(what);
    this.volume = volume;
  }

  VolumeId volume() {
    return volume;
  }
}
