package io.flocker.http.client;

import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A node about itself.
 *
 * @param era changes whenever the node boots
 * @param url where it wants to be asked
 * @param stuck what it waits for in vain, such as a {@code zfs} child that does not end
 */
public record NodeReport(
    NodeId node, String era, PoolReport pool, Capabilities zfs, String url, List<JsonNode> stuck) {}
