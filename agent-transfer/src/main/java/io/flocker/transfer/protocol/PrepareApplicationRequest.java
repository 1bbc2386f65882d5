package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Has a node get ready for an application that is to come: {@code POST
 * /node/v1/applications/prepare}.
 *
 * @param application its name
 * @param generation of the wish by which it comes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PrepareApplicationRequest(String application, long generation) {}
