package io.flocker.zfs.listing;

import io.flocker.core.storage.Dataset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a dataset is mounted, or would be.
 *
 * @param isAutomountForbidden whether it is mounted by an explicit command only, by its own
 *     property
 * @param quotaBytes as {@link Dataset#quotaBytes} has it
 * @param keptQuotaBytes as {@link Dataset#keptQuotaBytes} has it: there where it is sealed
 */
public record MountView(
    String name,
    boolean isMounted,
    Optional<Path> mountpoint,
    boolean isReadonly,
    boolean isAutomountForbidden,
    long quotaBytes,
    OptionalLong keptQuotaBytes) {}
