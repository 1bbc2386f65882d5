package io.flocker.core.replicate;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;

/** What a peer is to hold of a volume. */
public record Copy(VolumeId volume, NodeId peer) {}
