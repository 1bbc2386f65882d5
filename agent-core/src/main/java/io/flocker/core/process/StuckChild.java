package io.flocker.core.process;

import java.time.Instant;

/**
 * A child that not even KILL could end: it waits inside the kernel.
 *
 * @param command program and arguments
 * @param since when it was given up
 */
public record StuckChild(long pid, String command, Instant since) {}
