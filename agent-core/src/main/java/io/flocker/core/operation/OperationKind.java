package io.flocker.core.operation;

/**
 * What operations of one kind have in common.
 *
 * @param name such as {@code push}
 * @param permission what one needs to start one, and so to see and cancel those of others
 * @param resumption how one goes on that the daemon's end cut short
 */
public record OperationKind(String name, String permission, Resumption resumption) {}
