package io.flocker.core.replicate.change;

import io.flocker.core.id.VolumeId;
import java.time.Instant;

/** Is told that volumes are written to. Any thread may call; it does not wait. */
@FunctionalInterface
public interface ChangeListener {
  /** A volume was written to, then or shortly before; perhaps it was told before. */
  void changed(VolumeId volume, Instant when);

  /**
   * All volumes were looked at: what was written until {@code begun} was told before. Who keeps no
   * account of that need not hear it.
   */
  default void compared(Instant begun) {}
}
