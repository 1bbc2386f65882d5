package io.flocker.core.config;

/**
 * One setting that holds.
 *
 * @param key with all keys on the way to it, such as {@code tls.minimum}
 * @param value as a file would have it; empty where there is none
 * @param from {@code <file>:<line>}; empty where nobody said it, and the default holds
 */
public record Setting(String key, String value, String from) {
  /** Whether no file says it. */
  public boolean isDefault() {
    return from.isEmpty();
  }
}
