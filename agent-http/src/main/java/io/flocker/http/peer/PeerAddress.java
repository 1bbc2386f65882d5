package io.flocker.http.peer;

import io.flocker.core.id.NodeId;

/**
 * Where a peer is and who has to answer there.
 *
 * @param host a DNS name or an IP address, as the peer's certificate has it
 * @param port from 1 to 65535
 */
public record PeerAddress(NodeId node, String host, int port) {}
