package io.flocker.zfs.event;

import java.time.Instant;

/**
 * What is of use in one event, see zpool-events(8).
 *
 * @param number counts the events of all pools, without a gap since the module was loaded
 * @param pool empty where the event is about none
 * @param change what was done, such as {@code snapshot}; empty where it is about no dataset
 * @param subject what it was done to, such as {@code tank/a@b}; empty where it is about none
 */
record PoolEvent(long number, Instant when, String pool, String change, String subject) {}
