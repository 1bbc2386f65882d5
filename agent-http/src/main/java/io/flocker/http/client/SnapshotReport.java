package io.flocker.http.client;

import io.flocker.core.id.Guid;
import java.time.Instant;

/** A snapshot of a volume; {@code name} is the part after {@code @}. */
public record SnapshotReport(String name, Guid guid, Instant created) {}
