package io.flocker.http.assembly;

import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.event.EventHub;
import io.flocker.core.failure.FailureException;
import io.flocker.core.operation.OperationKinds;
import io.flocker.core.operation.OperationReader;
import io.flocker.core.operation.Operations;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.http.api.ConfigurationRoutes;
import io.flocker.http.api.CopyRoutes;
import io.flocker.http.api.EventRoutes;
import io.flocker.http.api.NamedVolumes;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.NodeRoutes;
import io.flocker.http.api.OperationRoutes;
import io.flocker.http.api.PeerRoutes;
import io.flocker.http.api.Referral;
import io.flocker.http.api.ReplicationRoutes;
import io.flocker.http.api.SnapshotRoutes;
import io.flocker.http.api.StateRoutes;
import io.flocker.http.api.TransferDocument;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.api.VolumeRoutes;
import io.flocker.http.describe.DescriptionRoutes;
import io.flocker.http.idempotency.Idempotency;
import io.flocker.http.route.Route;
import io.flocker.http.router.DeclaredPermissions;
import io.flocker.http.ui.PageRoutes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a node serves to users: its node, peers, volumes, snapshots, configuration, operations and
 * events, and the page that shows them. Made once; one thread.
 */
public final class PublicApi {
  /** Below what proxies and clients take for silence. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** What the daemon around it knows, and has to be told. */
  public interface Host extends PeerRoutes.Listener {
    /** The control commands that do not end, not even when killed. */
    List<List<String>> stuckCommands();

    /** What people have to see to. */
    List<NodeDocument.Warning> warnings();

    /** The streams that are under way. */
    List<TransferDocument> transfers();

    /** How the copies stand that this node brings up to date. */
    List<CopyStatus> copies();

    /**
     * Makes sure that this node can carry a policy out.
     *
     * @throws FailureException why not
     */
    void requireCarriedOut(Policy policy) throws FailureException;
  }

  private final NodeRoutes.Identity identity;
  private final NodeVolumes node;
  private final VolumeDocuments documents;
  private final Operations operations;
  private final OperationKinds kinds;
  private final EventHub events;
  private final Policies policies;
  private final ConfigurationBook configuration;
  private final ConfigurationRoutes.ConvergenceView convergence;
  private final DeclaredPermissions permissions = new DeclaredPermissions();

  /**
   * The API of one node.
   *
   * @param kinds the kinds of {@code operations}
   */
  public PublicApi(
      NodeRoutes.Identity identity,
      NodeVolumes node,
      VolumeDocuments documents,
      Operations operations,
      OperationKinds kinds,
      EventHub events,
      Policies policies,
      ConfigurationBook configuration,
      ConfigurationRoutes.ConvergenceView convergence) {
    this.identity = identity;
    this.node = node;
    this.documents = documents;
    this.operations = operations;
    this.kinds = kinds;
    this.events = events;
    this.policies = policies;
    this.configuration = configuration;
    this.convergence = convergence;
  }

  /** Its own routes. */
  public List<Route> routes(Host host) {
    Referral referral = new Referral(node.memory().peers());
    NamedVolumes named = new NamedVolumes(node.catalog()::remembered);
    return Stream.of(
            new NodeRoutes(identity, node.storage(), host::stuckCommands, host::warnings).routes(),
            new StateRoutes(
                    identity,
                    node,
                    documents,
                    operations,
                    caller -> OperationReader.of(caller, kinds, permissions),
                    host::transfers,
                    convergence,
                    host::copies)
                .routes(),
            new CopyRoutes(host::copies).routes(),
            new PeerRoutes(node.memory().peers(), host).routes(),
            new VolumeRoutes(node, referral, documents).routes(),
            new SnapshotRoutes(node, referral, documents).routes(),
            new ReplicationRoutes(node, policies, referral, host::copies, host::requireCarriedOut)
                .routes(),
            new OperationRoutes(
                    operations, named, caller -> OperationReader.of(caller, kinds, permissions))
                .routes(),
            new ConfigurationRoutes(configuration, convergence).routes(),
            new EventRoutes(events, named, permissions, HEARTBEAT).routes(),
            new PageRoutes().routes())
        .flatMap(List::stream)
        .toList();
  }

  /** All that is served: {@code routes} described, their mutations under keys. */
  public List<Route> served(List<Route> routes, Idempotency idempotency) {
    List<Route> served =
        idempotency.over(new DescriptionRoutes(identity.version().version()).over(routes));
    permissions.declare(served);
    return served;
  }
}
