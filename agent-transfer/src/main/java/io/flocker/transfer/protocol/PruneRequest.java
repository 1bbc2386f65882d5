package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * Tells a replica what the owner still keeps: {@code POST /node/v1/volumes/{id}/prune}.
 *
 * @param keep guids of the owner's snapshots; of the others only those that flockerd made may go
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PruneRequest(NodeId owner, long epoch, List<Guid> keep) {}
