package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.transfer.TransferDirection;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A stream that is under way; see {@code transfer.json}.
 *
 * @param totalBytes how long it will be, where ZFS could say
 */
public record TransferDocument(
    UUID id,
    TransferDirection direction,
    VolumeId volume,
    NodeId peer,
    StreamKind kind,
    Instant started,
    long bytes,
    OptionalLong totalBytes) {}
