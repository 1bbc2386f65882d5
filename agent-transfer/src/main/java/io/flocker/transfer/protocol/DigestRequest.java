package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;

/**
 * Asks a peer what a snapshot of its copy contains: {@code POST /node/v1/volumes/{id}/digest}.
 *
 * @param snapshot its guid
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DigestRequest(Guid snapshot) {}
