package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import java.util.Optional;

/**
 * Has a replica keep its copy under another name, since it has changed by itself: {@code POST
 * /node/v1/volumes/{id}/set-aside}.
 *
 * @param latest the copy's newest snapshot as the owner has seen it; empty where it has none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SetAsideRequest(NodeId owner, long epoch, Optional<Guid> latest) {}
