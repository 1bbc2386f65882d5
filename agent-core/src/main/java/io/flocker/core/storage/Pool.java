package io.flocker.core.storage;

import io.flocker.core.id.NodeId;
import java.util.Optional;

/**
 * The pool that this node's volumes live in.
 *
 * @param node whose pool it is, by its {@code flocker:node} property; empty before the first start
 * @param health as ZFS says it, such as ONLINE
 */
public record Pool(
    String name, long sizeBytes, long freeBytes, String health, Optional<NodeId> node) {}
