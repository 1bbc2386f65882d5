package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;

/**
 * A volume without its content: what the record and the name of its dataset say.
 *
 * @param id its lineage
 * @param name what people call it
 * @param owner who may write it, as far as this node knows
 * @param role what this node is to it, by this dataset alone
 * @param epoch of the record
 * @param dataset full name of its dataset here
 */
public record VolumeHead(
    VolumeId id, VolumeName name, NodeId owner, Role role, long epoch, String dataset) {}
