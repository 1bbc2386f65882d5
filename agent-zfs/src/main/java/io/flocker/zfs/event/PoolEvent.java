package io.flocker.zfs.event;

import java.time.Instant;

/**
 * What is of use in one event, see zpool-events(8).
 *
 * @param number that of all pools, without a gap since the module was loaded
 * @param pool empty where it is of none
 * @param change what was done, such as {@code snapshot}; empty where it is of no dataset
 * @param subject what it was done to, such as {@code tank/a@b}; empty where it is of no dataset
 */
record PoolEvent(long number, Instant when, String pool, String change, String subject) {}
