package io.flocker.transfer.stream;

import java.util.OptionalLong;

/** Says how fast a stream may go at the moment. Event loops ask; it never blocks. */
@FunctionalInterface
public interface RateSource {
  /** As fast as it goes. */
  RateSource FREE = OptionalLong::empty;

  /** Bytes a second, above 0; empty for as fast as it goes. */
  OptionalLong bytesPerSecond();

  /** Always the same. */
  static RateSource of(OptionalLong rate) {
    if (rate.isPresent() && rate.getAsLong() < 1) {
      throw new IllegalArgumentException("a rate is above 0 bytes a second");
    }
    return () -> rate;
  }

  /** Whichever is slower at the moment. */
  default RateSource and(RateSource other) {
    return () -> {
      OptionalLong mine = bytesPerSecond();
      OptionalLong theirs = other.bytesPerSecond();
      return mine.isPresent() && (theirs.isEmpty() || mine.getAsLong() < theirs.getAsLong())
          ? mine
          : theirs;
    };
  }
}
