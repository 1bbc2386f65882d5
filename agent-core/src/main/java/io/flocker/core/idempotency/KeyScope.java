package io.flocker.core.idempotency;

/**
 * Within what a key is one key.
 *
 * @param caller the principal's name
 * @param route method and path
 * @param key as the caller chose it
 */
public record KeyScope(String caller, String route, String key) {}
