package io.flocker.core.replicate;

import io.flocker.core.id.Guid;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What came of it when a copy was compared with what its owner has, file by file.
 *
 * @param guid of the snapshot that both sides have read
 * @param snapshot its name at the owner
 * @param at when it was over
 * @param drift the problem document of what differs; empty where nothing does
 */
public record Verified(
    Guid guid, String snapshot, Instant at, Optional<Map<String, Object>> drift) {}
