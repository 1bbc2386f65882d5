package io.flocker.transfer.plugin;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.volume.VolumeName;

/** What users of Docker call volumes: without the namespace where that is {@value #USUAL}. */
final class DockerName {
  static final String USUAL = "default";

  private DockerName() {}

  /**
   * The volume that is meant.
   *
   * @throws FailureException {@code MALFORMED_REQUEST} if there can be none of that name
   */
  static VolumeName parse(String name) throws FailureException {
    try {
      return name.indexOf('.') < 0 ? new VolumeName(USUAL, name) : VolumeName.parse(name);
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /** The shortest name that is read as that volume's. */
  static String of(VolumeName volume) {
    boolean isShort = volume.namespace().equals(USUAL) && volume.id().indexOf('.') < 0;
    return isShort ? volume.id() : volume.toString();
  }
}
