package io.flocker.core.os;

/**
 * A process that outlived who started it.
 *
 * @param process ends it, unless it has ended: never another one that was given its pid
 * @param command program and arguments
 */
public record Orphan(ProcessHandle process, String command) {}
