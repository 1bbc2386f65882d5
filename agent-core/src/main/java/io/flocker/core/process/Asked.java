package io.flocker.core.process;

import io.flocker.core.failure.Failure;
import io.flocker.core.log.ActionType;

/**
 * Whom commands ask: how it is called, and which failures tell that it does not answer.
 *
 * @param name as users know it, such as {@code ZFS}
 * @param action what the log calls one command
 * @param unavailable its program cannot be started
 * @param late it did not answer in time
 * @param unreadable it says too much, or what nobody understands
 */
public record Asked(
    String name, ActionType action, Failure unavailable, Failure late, Failure unreadable) {}
