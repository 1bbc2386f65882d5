package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Whether a node is ready for an application.
 *
 * @param isReady else it is still at work
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PrepareApplicationAnswer(boolean isReady) {}
