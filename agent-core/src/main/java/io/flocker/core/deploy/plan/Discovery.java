package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node knows at one moment. What could not be found out is empty, which is another thing
 * than an empty list: nothing is concluded from it.
 *
 * @param self this node
 * @param addresses where this node is reached, the best first; containers find links at the first
 * @param containers ours, one for each application at most; empty while the engine cannot be asked,
 *     and with those that it does not tell of where it can
 * @param runs what is remembered of applications that have a container, by their name; whose is
 *     missing has {@link Run#FIRST}
 * @param volumes all that have a dataset here, replicas too; empty while the pool is away
 * @param policies what is said of the replication of single volumes
 * @param peers the other nodes of the cluster
 * @param routes the routes and open ports in force; empty while they cannot be told
 */
public record Discovery(
    NodeId self,
    List<Address> addresses,
    Optional<Containers> containers,
    Map<String, Run> runs,
    Optional<List<LocalVolume>> volumes,
    Map<VolumeId, OwnPolicy> policies,
    List<KnownPeer> peers,
    Optional<Routes.Found> routes) {
  public Discovery {
    addresses = List.copyOf(addresses);
    runs = Map.copyOf(runs);
    volumes = volumes.map(List::copyOf);
    policies = Map.copyOf(policies);
    peers = List.copyOf(peers);
  }

  /** Where containers find the remote ports of their links: each port answers on every node. */
  public String linkHost() {
    return addresses.isEmpty() ? "localhost" : addresses.getFirst().host();
  }
}
