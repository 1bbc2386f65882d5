package io.flocker.cli.join;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.util.List;

/**
 * A node that has joined, as {@code flocker-ca invite} tells it in its second line.
 *
 * @param node its uuid
 * @param addresses where it is reached
 */
public record JoinedNode(NodeId node, List<Address> addresses) {}
