package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.UUID;

/**
 * That a peer knew of no later owner of a volume than this node, or than who gave it to this node.
 *
 * @param operation of the record that the peer was asked about
 * @param at when it said so, or this node was told
 */
public record Confirmation(VolumeId volume, UUID operation, NodeId peer, Instant at) {}
