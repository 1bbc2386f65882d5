package io.flocker.http.client;

import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * Another node, as this one knows it.
 *
 * @param addresses {@code host:port}, tried in this order
 * @param takeover {@code never}, or {@code manual}: whether it may ever take a volume whose owner
 *     is dead
 */
public record PeerReport(NodeId node, List<String> addresses, String takeover) {}
