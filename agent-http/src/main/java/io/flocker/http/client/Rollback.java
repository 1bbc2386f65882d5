package io.flocker.http.client;

/**
 * Where a volume shall go back to.
 *
 * @param snapshot its name
 * @param destroyNewer whether snapshots that are newer may be destroyed
 * @param force whether even those that the next increment to a peer starts from
 */
public record Rollback(String snapshot, boolean destroyNewer, boolean force) {}
