package io.flocker.zfs.listing;

import io.flocker.core.id.Guid;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.OwnershipRecord;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells valid ownership records from void ones: children inherit properties, streams carry them,
 * and clones copy them. Each void one is logged once. Any thread may call.
 */
final class Records {
  private static final int MAX_REMEMBERED = 10_000;

  private final Map<String, String> reported = new ConcurrentHashMap<>();

  /** The record in {@code property}, if it is that of {@code dataset} itself. */
  Optional<OwnershipRecord> read(String dataset, Guid guid, Property property) {
    if (!property.isLocal()) {
      return refuse(dataset, property, "its source is " + property.source());
    }
    try {
      OwnershipRecord record = OwnershipRecord.parse(property.value());
      return record.dataset().equals(guid)
          ? Optional.of(record)
          : refuse(dataset, property, "it names the dataset " + record.dataset() + ", not " + guid);
    } catch (IllegalArgumentException e) {
      return refuse(dataset, property, String.valueOf(e.getMessage()));
    }
  }

  /** Whether somebody wrote a record here in a form that this version does not know. */
  static boolean isUnreadable(Property property) {
    if (!property.isLocal()) {
      return false;
    }
    try {
      OwnershipRecord _ = OwnershipRecord.parse(property.value());
      return false;
    } catch (IllegalArgumentException _) {
      return true;
    }
  }

  private Optional<OwnershipRecord> refuse(String dataset, Property property, String reason) {
    if (reported.size() < MAX_REMEMBERED
        && !property.value().equals(reported.put(dataset, property.value()))) {
      Action.message(
          MessageType.VOLUME_RECORD_VOID,
          Map.of("dataset", dataset, "record", property.value(), "reason", reason));
    }
    return Optional.empty();
  }
}
