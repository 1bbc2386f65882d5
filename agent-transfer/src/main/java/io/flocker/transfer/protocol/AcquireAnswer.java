package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.NodeId;

/** Says that a volume is owned by the node that answers. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AcquireAnswer(NodeId owner, long epoch, String mountpoint) {}
