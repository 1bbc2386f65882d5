package io.flocker.core.notify;

import io.flocker.core.volume.VolumeName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a copy, or a volume on this node, stands now.
 *
 * @param name what people call the volume; empty of what is gone
 * @param state one of a copy's, or {@code contested}, {@code superseded} or {@code settled}
 * @param since when it has been so
 * @param details what there is to say beside that
 */
public record Standing(
    Subject subject,
    Optional<VolumeName> name,
    String state,
    Instant since,
    Map<String, Object> details) {
  /** Of a volume that is neither contested nor superseded. */
  static final String SETTLED = "settled";

  /** Of what is no more. */
  static final String GONE = "gone";

  /** States of which nobody is told who was told of none before. */
  private static final Set<String> WELL = Set.of("new", "current", SETTLED, GONE);

  /** Whether a state asks for nobody's attention. */
  static boolean isWell(String state) {
    return WELL.contains(state);
  }
}
