package io.flocker.core.os;

/**
 * A process that keeps a file system alive: by an open file, a working directory, a root, a mapping
 * or a mount of its own.
 *
 * @param how what was found, such as {@code fd/7} or {@code mountinfo}
 */
public record Holder(long pid, String command, String how) {}
