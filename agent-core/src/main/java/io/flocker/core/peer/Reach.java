package io.flocker.core.peer;

import java.time.Instant;

/**
 * Whether a peer answers.
 *
 * @param isAnswering how it was when it was asked last: a refusal is an answer
 * @param since when it was first so, without being found otherwise in between
 * @param asked when it was asked last, which may be long ago
 */
public record Reach(boolean isAnswering, Instant since, Instant asked) {}
