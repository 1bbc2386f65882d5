package io.flocker.http.schema;

/**
 * One thing that is wrong with a document.
 *
 * @param pointer where, as a JSON pointer (RFC 6901); the parent of what is missing or too much
 */
public record Violation(String pointer, String message) {}
