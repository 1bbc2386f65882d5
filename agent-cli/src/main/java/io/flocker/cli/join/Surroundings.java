package io.flocker.cli.join;

import io.flocker.core.peer.Peer;
import java.util.List;

/**
 * What {@code flocker node invite} tells {@code flocker-ca invite}, which asks no node.
 *
 * @param reached the host at which others reach this machine
 * @param peers the nodes that there are, this machine's among them
 */
public record Surroundings(String reached, List<Peer> peers) {}
