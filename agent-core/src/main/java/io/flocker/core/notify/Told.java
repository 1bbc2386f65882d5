package io.flocker.core.notify;

import java.time.Instant;

/**
 * What somebody was told last.
 *
 * @param at when
 */
public record Told(String state, Instant at) {}
