package io.flocker.cli.command;

import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Operations as a node reports them, for tests. */
final class Operations {
  static final UUID ID = UUID.fromString("99999999-8888-4777-8666-555555555555");
  static final VolumeId VOLUME = VolumeId.parse("11111111-2222-4333-8444-555555555555");
  private static final long MIB = 1L << 20;

  private Operations() {}

  /** A push that runs at 10 MiB/s. */
  static OperationView running(long mib, @Nullable Long totalMib) {
    return new OperationView(
        ID,
        "push",
        OperationState.RUNNING,
        Optional.of(VOLUME),
        Optional.empty(),
        Instant.EPOCH,
        Optional.empty(),
        "transfer",
        mib * MIB,
        totalMib == null ? OptionalLong.empty() : OptionalLong.of(totalMib * MIB),
        10 * MIB,
        totalMib == null ? OptionalLong.empty() : OptionalLong.of((totalMib - mib) / 10),
        Optional.empty(),
        Optional.empty());
  }

  /** The JSON that a node answers; 8 MiB in 4 s once it has ended. */
  static String json(String state, String more) {
    return """
    {"id":"%s","kind":"push","state":"%s","volume":"%s","started":"2026-01-01T00:00:00Z",
     "phase":"transfer","bytes":8388608,"bytesPerSecond":2097152%s}\
    """
        .formatted(ID, state, VOLUME, more);
  }
}
