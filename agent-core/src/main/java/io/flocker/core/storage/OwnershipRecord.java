package io.flocker.core.storage;

import io.flocker.core.grant.Grant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import java.math.BigInteger;
import java.util.Locale;
import java.util.UUID;

/**
 * Who may write a volume: the value of the dataset's local user property {@link #PROPERTY}.
 *
 * <p>{@code 1 <lineage-uuid> <epoch> <node-uuid> <state> <op-uuid> <final-guid> <dataset-guid>},
 * see FORMATS.md. A record is void unless its source is {@code local} and {@code dataset} is the
 * guid of the dataset that bears it: children inherit properties and streams may carry them.
 *
 * @param lineage the volume
 * @param epoch counts changes of owner, from 0 to {@link #MAX_EPOCH}; above that only in a record
 *     that an older flockerd wrote, and then it counts for nothing
 * @param node who owns it, or to whom it is released
 * @param state what the record says about {@code node}
 * @param operation the operation that wrote the record
 * @param finalSnapshot guid of the last snapshot before the change of owner; 0 when there was none;
 *     of epoch 0 {@link Grant#FRESH_ID} or 0
 * @param dataset guid of the dataset that bears the record
 */
public record OwnershipRecord(
    VolumeId lineage,
    long epoch,
    NodeId node,
    OwnershipState state,
    UUID operation,
    Guid finalSnapshot,
    Guid dataset) {
  /** Name of the ZFS user property. */
  public static final String PROPERTY = "flocker:owner";

  /** No volume is ever at a higher one: what a double holds exactly, as JSON tools have numbers. */
  public static final long MAX_EPOCH = 1L << 53;

  private static final String VERSION = "1";
  private static final int FIELDS = 8;

  public OwnershipRecord {
    if (epoch < 0) {
      throw new IllegalArgumentException("an epoch is 0 or more, not " + epoch);
    }
  }

  /**
   * Parses a property's value.
   *
   * @throws IllegalArgumentException naming what is wrong with {@code value}
   */
  public static OwnershipRecord parse(String value) {
    String[] fields = value.split(" ", -1);
    if (!fields[0].equals(VERSION)) {
      throw new IllegalArgumentException(
          PROPERTY + " has version '" + fields[0] + "', this flockerd knows version " + VERSION);
    }
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(
          PROPERTY + " has " + fields.length + " fields instead of " + FIELDS + ": " + value);
    }
    return new OwnershipRecord(
        VolumeId.parse(fields[1]),
        epoch(fields[2]),
        NodeId.parse(fields[3]),
        state(fields[4]),
        Uuids.parse("operation", fields[5]),
        Guid.parse(fields[6]),
        Guid.parse(fields[7]));
  }

  /** One that is too high does not make the rest unreadable. */
  private static long epoch(String text) {
    if (!text.matches("0|[1-9][0-9]{0,18}")) {
      throw new IllegalArgumentException("an epoch is a decimal number, not '" + text + "'");
    }
    return new BigInteger(text).min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
  }

  private static OwnershipState state(String text) {
    for (OwnershipState state : OwnershipState.values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "an ownership state is owned, released, contested or superseded, not '"
            + text.toLowerCase(Locale.ROOT)
            + "'");
  }

  /** Whether it is that of a creation whose node made up the volume's id. */
  public boolean isOfFreshId() {
    return epoch == 0 && finalSnapshot.equals(Grant.FRESH_ID);
  }

  /** The property's value, below 1,000 bytes of ASCII. */
  @Override
  public String toString() {
    return String.join(
        " ",
        VERSION,
        lineage.toString(),
        Long.toString(epoch),
        node.toString(),
        state.toString(),
        operation.toString(),
        finalSnapshot.toString(),
        dataset.toString());
  }
}
