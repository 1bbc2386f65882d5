package io.flocker.transfer.assembly;

import io.flocker.core.deploy.converge.PeerPreparation;
import io.flocker.core.deploy.converge.VolumeDiscovery;
import io.flocker.core.deploy.converge.VolumeMoves;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.operation.Operations;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.Replicator;
import io.flocker.core.replicate.hook.SnapshotHooks;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.route.Route;
import io.flocker.transfer.attach.MountBook;
import io.flocker.transfer.attach.VolumeAttachment;
import io.flocker.transfer.attach.VolumeGiver;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.confirm.ConfirmationService;
import io.flocker.transfer.confirm.DoubtingPeers;
import io.flocker.transfer.deploy.DeployedVolumes;
import io.flocker.transfer.deploy.OperatedMoves;
import io.flocker.transfer.deploy.PreparedPeers;
import io.flocker.transfer.deploy.WishedPolicies;
import io.flocker.transfer.find.FindService;
import io.flocker.transfer.handoff.Acquisition;
import io.flocker.transfer.handoff.AwaitGrant;
import io.flocker.transfer.handoff.GrantDelivery;
import io.flocker.transfer.handoff.Handoff;
import io.flocker.transfer.handoff.VolumeUsers;
import io.flocker.transfer.protocol.PeerVolumes;
import io.flocker.transfer.push.OutgoingStream;
import io.flocker.transfer.push.PolicyNews;
import io.flocker.transfer.push.Push;
import io.flocker.transfer.push.SnapshotRetention;
import io.flocker.transfer.push.StreamRates;
import io.flocker.transfer.receive.IncomingTransfers;
import io.flocker.transfer.receive.ReplicaService;
import io.flocker.transfer.receive.UnannouncedStreams;
import io.flocker.transfer.replicate.PushReplicator;
import io.flocker.transfer.route.InterNodeRoutes;
import io.flocker.transfer.route.LocalRoutes;
import io.flocker.transfer.route.OwnershipRoutes;
import io.flocker.transfer.route.TransferRoutes;
import io.flocker.transfer.route.TransferWork;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.takeover.Takeover;
import io.flocker.transfer.verify.Verification;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All that moves volumes between this node and its peers, put together. Any thread. */
public record ByteMover(
    NodeVolumes node,
    PeerVolumes peers,
    TransferSettings settings,
    Push push,
    PolicyNews news,
    Handoff handoff,
    GrantDelivery delivery,
    IncomingTransfers incoming,
    ReplicaService replicas,
    Acquisition acquisition,
    VolumeUsers users,
    FindService find,
    WishedPolicies policies) {
  /** A container that has ended is gone within moments. */
  private static final Duration USERS_LEAVE = Duration.ofSeconds(5);

  /**
   * Puts it together.
   *
   * @param terms what is said about copies, here and at others
   * @param hooks run what policies name around snapshots
   * @param limit how many streams may leave this node at once, and how many may come in
   * @param users tells who uses a volume that is to be handed off
   * @throws FailureException if nobody can read what the daemon before has left unsettled
   */
  public static ByteMover of(
      NodeVolumes node,
      ReplicationTerms terms,
      SnapshotHooks hooks,
      PeerVolumes links,
      TransferSettings settings,
      TransferBoard board,
      int limit,
      VolumeUsers users)
      throws FailureException {
    PeerVolumes peers = new DoubtingPeers(links, node.clearance());
    PolicyNews news = new PolicyNews(node, peers, terms.policies(), InstantSource.system());
    Push push =
        new Push(
            node,
            peers,
            new OutgoingStream(
                node,
                peers,
                settings,
                new StreamRates(terms.policies(), InstantSource.system()),
                board,
                limit),
            new SnapshotRetention(node, peers, terms.policies(), news),
            hooks,
            terms.policies());
    GrantDelivery delivery = new GrantDelivery(node, terms.policies(), peers, push);
    IncomingTransfers incoming = new IncomingTransfers(node, terms.floor(), settings, board, limit);
    return new ByteMover(
        node,
        peers,
        settings,
        push,
        news,
        new Handoff(node, peers, push, delivery, users),
        delivery,
        incoming,
        new ReplicaService(
            node.storage(),
            node.catalog(),
            node.memory().epochs(),
            node.locks(),
            incoming::arriving,
            terms,
            node.self()),
        new Acquisition(node, terms),
        users,
        new FindService(node),
        new WishedPolicies(node, terms.policies(), hooks));
  }

  /**
   * Tells {@code listener} of each copy that is found gone at its peer: by a push, which begins it
   * anew, or as the peer says.
   */
  public void onGone(Consumer<Copy> listener) {
    push.onBegunAnew(listener);
    news.onGone(listener);
  }

  /** A node answers again: it is asked soon whether it has its copies still. */
  public void isBack(NodeId peer) {
    news.isBack(peer);
  }

  /** A node is no peer any more: ends what it has under way here. */
  public void takenOut(NodeId peer) {
    incoming.takenOut(peer);
  }

  /** What operators decide by force. */
  public List<Route> ownershipRoutes(VolumeDocuments documents) {
    Takeover takeover = new Takeover(node, peers, InstantSource.system());
    return new OwnershipRoutes(
            node.self(), node.memory().peers(), takeover, documents, policies.policies())
        .routes();
  }

  /**
   * Where volumes are that a wish names, here and at peers.
   *
   * @param wait how long a peer is waited for that does not answer
   */
  public VolumeDiscovery discovery(Duration wait) {
    return new DeployedVolumes(node, peers, find, policies.policies(), wait);
  }

  /** What a wish has done to volumes. */
  public VolumeMoves moves(Operations operations, VolumeDocuments documents) {
    return new OperatedMoves(
        node, peers, find, operations, new TransferWork(push, handoff, documents), policies);
  }

  /** What has peers get ready for applications. */
  public PeerPreparation preparation() {
    return new PreparedPeers(peers);
  }

  /**
   * What brings a volume here that is to be used here.
   *
   * @param wait how long a peer is waited for that does not answer
   */
  public VolumeAttachment attachment(VolumeMoves moves, Duration wait) {
    return new VolumeAttachment(discovery(wait), moves, peers, USERS_LEAVE);
  }

  /**
   * What gives a volume to a peer where it is to be used.
   *
   * @param book knows whom the container engine has mounted it for
   * @param claim tells which ones are wished here
   * @param isWilling whether any is given
   */
  public VolumeGiver giver(
      VolumeMoves moves, MountBook book, VolumeGiver.Claim claim, boolean isWilling) {
    return new VolumeGiver(node, users, book, moves, claim, isWilling);
  }

  /** What brings copies up to date, and compares them, as {@code policies} want that. */
  public Replicator replicator(Policies policies, Verification verification) {
    return new PushReplicator(
        node.catalog(),
        policies,
        push,
        verification,
        volume -> node.memory().register().tombstone(volume).isPresent());
  }

  /** What users ask of a volume; it knows the kinds of operations, too. */
  public TransferRoutes userRoutes(Operations operations, VolumeDocuments documents) {
    return new TransferRoutes(
        operations, node.catalog(), node.memory().peers(), documents, push, handoff);
  }

  /**
   * What other nodes ask, and the commands of 2014.
   *
   * @param arrived is called whenever a volume was taken over, and is mounted
   * @throws FailureException if ZFS does not say what it can take
   */
  public List<Route> otherRoutes(Runnable arrived) throws FailureException {
    LocalRoutes local =
        new LocalRoutes(
            node.catalog(),
            node.volumes(),
            new AwaitGrant(node.self(), node.catalog(), peers),
            new UnannouncedStreams(node, settings));
    InterNodeRoutes interNode =
        new InterNodeRoutes(
            incoming, replicas, acquisition, new ConfirmationService(node), find, arrived);
    return Stream.of(local.routes(), interNode.routes()).flatMap(List::stream).toList();
  }
}
