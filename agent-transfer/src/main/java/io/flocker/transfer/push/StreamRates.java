package io.flocker.transfer.push;

import io.flocker.core.operation.OperationContext;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.stream.RateSource;
import java.time.InstantSource;
import java.util.OptionalLong;

/** How fast streams may leave, as the policies of their volumes have it. Any thread. */
public final class StreamRates {
  private final Policies policies;
  private final InstantSource clock;

  /** By what {@code policies} say, from moment to moment. */
  public StreamRates(Policies policies, InstantSource clock) {
    this.policies = policies;
    this.clock = clock;
  }

  /** The rate of a volume's streams; one that somebody waits for goes as fast as it can. */
  RateSource of(Volume volume, OperationContext context) {
    return context.isInBackground()
        ? () ->
            policies
                .of(volume.id(), volume.name())
                .flatMap(Policy::rate)
                .map(rate -> rate.at(clock.instant()))
                .orElse(OptionalLong.empty())
        : RateSource.FREE;
  }
}
