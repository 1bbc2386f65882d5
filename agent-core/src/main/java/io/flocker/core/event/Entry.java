package io.flocker.core.event;

import io.flocker.core.id.VolumeId;
import java.util.Optional;

/**
 * An event as it is kept: its text, and what decides for whom it is.
 *
 * @param text shared by all who read it
 */
record Entry(
    long sequence,
    EventType type,
    Optional<VolumeId> volume,
    Optional<Audience> onlyFor,
    String text) {}
