package io.flocker.transfer.stream;

import io.flocker.core.stream.Proof;

/**
 * A stream that has arrived whole.
 *
 * @param proof what the sender vouched for, and what came
 * @param child how the receiving child ended: well, maybe with a warning on stderr
 */
public record Received(Proof proof, ChildEnd child) {}
