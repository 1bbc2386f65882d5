package io.flocker.core.storage;

import io.flocker.core.stream.SendFlags;
import java.util.Optional;

/** One run of {@code zfs send}. */
public sealed interface SendRequest {
  /** All of {@code dataset} as of {@code snapshot}. */
  record Full(String dataset, String snapshot, SendFlags flags) implements SendRequest {}

  /**
   * What changed between two points.
   *
   * @param base the snapshot's or bookmark's name with its sign, such as {@code @a} or {@code #b}
   * @param withIntermediates {@code -I}: every snapshot between the two, too; not from a bookmark
   */
  record Increment(
      String dataset, String base, String snapshot, boolean withIntermediates, SendFlags flags)
      implements SendRequest {}

  /**
   * The rest of a stream that was cut.
   *
   * @param dataset where the token's snapshot lives here, to name it in messages
   */
  record Resumption(String dataset, String token) implements SendRequest {}

  /** The dataset that is sent. */
  String dataset();

  /** The snapshot that the stream ends with; empty where only the token knows. */
  default Optional<String> target() {
    return switch (this) {
      case Full full -> Optional.of(full.snapshot());
      case Increment increment -> Optional.of(increment.snapshot());
      case Resumption _ -> Optional.empty();
    };
  }
}
