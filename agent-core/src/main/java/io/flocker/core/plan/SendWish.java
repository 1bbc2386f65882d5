package io.flocker.core.plan;

import java.util.Optional;

/**
 * How a policy wants streams to be made, as far as both ends can do that.
 *
 * @param raw whether blocks leave as they are on disk, encrypted where the volume is; empty for as
 *     the copy was begun, and plain for a new one
 * @param isCompressed whether blocks that are stored compressed may leave so
 */
public record SendWish(Optional<Boolean> raw, boolean isCompressed) {
  /** What holds where nobody says anything. */
  public static final SendWish USUAL = new SendWish(Optional.empty(), true);
}
