package io.flocker.cli.command;

import io.flocker.cli.setup.NodeService;
import io.flocker.cli.setup.SetupException;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.UnreachableException;
import java.time.Duration;
import java.util.Optional;

/** Starts the daemon of this machine for the first time. */
final class NodeStart {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private NodeStart() {}

  /**
   * Starts it and waits until it answers, telling people of both.
   *
   * @return what it says of itself; empty where no systemd starts it
   * @throws SetupException if it does not start or answer
   */
  static Optional<NodeDocument> start(Session session, NodeService service) throws Exception {
    session.tellStep("starting flockerd");
    if (!service.start()) {
      return Optional.empty();
    }
    session.tellStep("waiting until flockerd answers");
    long begun = System.nanoTime();
    try (FlockerClient node = session.connect()) {
      while (true) {
        try {
          return Optional.of(node.node());
        } catch (UnreachableException e) {
          if (System.nanoTime() - begun > PATIENCE.toNanos()) {
            throw new SetupException(
                "flockerd was started and does not answer: %s; see 'journalctl -u flockerd'"
                    .formatted(e.getMessage()),
                e);
          }
          Thread.sleep(PAUSE);
        }
      }
    }
  }
}
