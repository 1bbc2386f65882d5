package io.flocker.zfs.listing;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a dataset is mounted, or would be.
 *
 * @param isAutomountForbidden whether it is mounted by an explicit command only, by its own
 *     property
 * @param isSealed as {@link io.flocker.core.storage.Dataset#isSealed} has it
 */
public record MountView(
    String name,
    boolean isMounted,
    Optional<Path> mountpoint,
    boolean isReadonly,
    boolean isAutomountForbidden,
    boolean isSealed) {}
