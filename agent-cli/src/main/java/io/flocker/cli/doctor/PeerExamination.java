package io.flocker.cli.doctor;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The peers: whether each is reached, is who it should be, and has the same time. All are asked at
 * once.
 *
 * @param certificates the folder of the node's own, with which it asks
 * @param identity the file that says which node this is
 * @param state the folder in which the peers stand
 */
record PeerExamination(Path certificates, Path identity, Path state) implements Examination {
  private static final String CHECK = "peers";

  /** The header tells seconds; and leases, grants and lags are read by people who compare them. */
  private static final Duration MOST_SKEW = Duration.ofSeconds(3);

  /** What {@code flocker-ca} backdates certificates by, so that a new one works everywhere. */
  private static final Duration HARMFUL_SKEW = Duration.ofHours(1);

  @Override
  public List<Finding> findings() {
    try {
      Credentials own =
          Credentials.load(
              certificates.resolve("cluster.crt"),
              certificates.resolve("node.crt"),
              certificates.resolve("node.key"));
      Optional<PeerBook> book = book();
      Optional<String> forgotten = book.flatMap(PeerBook::forgotten);
      if (forgotten.isPresent()) {
        return List.of(new Finding(CHECK, Verdict.FAILURE, forgotten.get() + "."));
      }
      List<Peer> peers = book.map(PeerBook::list).orElse(List.of());
      if (peers.isEmpty()) {
        return List.of(
            new Finding(
                CHECK, Verdict.OK, "There are none: 'flocker peer add' makes another node one."));
      }
      return ask(own, peers);
    } catch (CredentialsException e) {
      return List.of(
          new Finding(CHECK, Verdict.FAILURE, "They cannot be asked: " + e.detail() + "."));
    } catch (IOException e) {
      return List.of(new Finding(CHECK, Verdict.FAILURE, String.valueOf(e.getMessage())));
    }
  }

  private Optional<PeerBook> book() throws IOException {
    if (Files.notExists(state.resolve(PeerBook.FILE))) {
      return Optional.empty();
    }
    NodeId self = NodeIdentity.existing(identity).node();
    return Optional.of(PeerBook.open(state, self, _ -> {}));
  }

  private static List<Finding> ask(Credentials own, List<Peer> peers) {
    List<Future<Finding>> asked;
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      asked = peers.stream().map(peer -> each.submit(() -> ask(own, peer))).toList();
    }
    return asked.stream().map(Future::resultNow).toList();
  }

  private static Finding ask(Credentials own, Peer peer) {
    List<String> refusals = new ArrayList<>();
    for (Address address : peer.addresses()) {
      try {
        PeerClock clock = PeerClock.ask(own, new Principal.Node(peer.node()), address);
        return compare(peer, address, clock.ahead());
      } catch (IOException e) {
        refusals.add(address + ": " + e.getMessage());
      }
    }
    return new Finding(
        CHECK,
        Verdict.WARNING,
        """
        Node %s is not reached (%s). Does it run, and does a firewall let its port through, also \
        from there to here?\
        """
            .formatted(peer.title(), String.join("; ", refusals)));
  }

  /**
   * What to say of a peer that answers.
   *
   * @param ahead how much later it is there; negative where it is earlier
   */
  static Finding compare(Peer peer, Address address, Duration ahead) {
    if (ahead.abs().compareTo(MOST_SKEW) <= 0) {
      return new Finding(
          CHECK,
          Verdict.OK,
          "Node %s answers at %s, its clock is right.".formatted(peer.title(), address));
    }
    return new Finding(
        CHECK,
        ahead.abs().compareTo(HARMFUL_SKEW) < 0 ? Verdict.WARNING : Verdict.FAILURE,
        """
        The clock of node %s at %s is %d s %s: lags that are shown, schedules and the ends of \
        certificates go by clocks. Have both follow the same servers (chrony, systemd-timesyncd).\
        """
            .formatted(
                peer.title(),
                address,
                ahead.abs().toSeconds(),
                ahead.isNegative() ? "behind" : "ahead"));
  }
}
