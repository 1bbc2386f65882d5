package io.flocker.core.volume;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a volume is mounted here, and why not.
 *
 * @param reason for people; of what is not mounted although it should be, and of what is mounted
 *     with something to see to
 */
public record MountStatus(State state, Optional<String> reason) {
  /** How far it is. */
  public enum State {
    MOUNTED,
    /** This node owns it, and is about to mount it. */
    MOUNTING,
    /** A peer that may take over has not said yet that it did not, or nobody knows the peers. */
    UNCONFIRMED,
    /** It could not be mounted; that is tried again. */
    FAILED,
    /** Nobody wants it mounted here. */
    UNMOUNTED;

    /** As it stands in JSON. */
    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a volume stands that nobody is about to mount. */
  public static MountStatus of(Volume volume) {
    return volume.dataset().isMounted()
        ? new MountStatus(State.MOUNTED, Optional.empty())
        : UNMOUNTED;
  }

  static final MountStatus MOUNTING = new MountStatus(State.MOUNTING, Optional.empty());
  static final MountStatus UNMOUNTED = new MountStatus(State.UNMOUNTED, Optional.empty());

  static MountStatus mounting(String reason) {
    return new MountStatus(State.MOUNTING, Optional.of(reason));
  }

  static MountStatus unconfirmed(String reason) {
    return new MountStatus(State.UNCONFIRMED, Optional.of(reason));
  }

  static MountStatus failed(String reason) {
    return new MountStatus(State.FAILED, Optional.of(reason));
  }
}
