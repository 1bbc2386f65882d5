package io.flocker.http.client;

/** The pool of a node; {@code health} as {@code zpool} words it. */
public record PoolReport(String name, long sizeBytes, long freeBytes, String health) {}
