package io.flocker.core.peer;

import java.time.Instant;

/**
 * Whether a peer answers.
 *
 * @param isAnswering how it was when it was asked last
 * @param since when it was first so, without being otherwise in between
 */
public record Reach(boolean isAnswering, Instant since) {}
