package io.flocker.core.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a stream is to the receiver. */
public enum StreamKind {
  /** It makes a dataset that is not there yet. */
  FULL,
  /** It builds on the newest snapshot. */
  INCREMENTAL,
  /** It is the rest of a stream of either kind that was cut. */
  RESUME;

  /** The kind of stream that {@code step} makes. */
  public static StreamKind of(Step step) {
    return switch (step) {
      case Step.Full _ -> FULL;
      case Step.Increment _ -> INCREMENTAL;
      case Step.Resume _ -> RESUME;
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
