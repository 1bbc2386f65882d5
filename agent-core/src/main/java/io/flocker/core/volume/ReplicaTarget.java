package io.flocker.core.volume;

import io.flocker.core.storage.Dataset;
import java.util.Optional;

/**
 * Where a stream may go.
 *
 * @param dataset full name of the dataset to receive into
 * @param present what is there now; empty for a first copy
 */
public record ReplicaTarget(String dataset, Optional<Dataset> present) {}
