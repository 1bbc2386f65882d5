package io.flocker.transfer.push;

import io.flocker.core.id.Guid;
import java.util.Optional;

/**
 * One stream that a peer has taken.
 *
 * @param kind full, incremental or resume
 * @param seconds from the announcement to the answer
 */
public record SentStream(String kind, Optional<Guid> from, Guid to, long bytes, double seconds) {}
