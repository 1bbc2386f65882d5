package io.flocker.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Where a {@code zfs} of {@link TestNode#faults} waits until the test lets it pass. */
final class Gate {
  private final Path reached;
  private final Path open;

  private Gate(Path folder) {
    this.reached = folder.resolve("reached");
    this.open = folder.resolve("open");
  }

  /** A closed one for the {@code zfs} of {@code node}. */
  static Gate at(TestNode node) throws IOException {
    return new Gate(Files.createDirectory(node.file("gate-" + UUID.randomUUID())));
  }

  /** The piece of shell that waits here; ends by itself if it is forgotten. */
  String shell() {
    return """
    echo $$ > "%1$s.new"; mv "%1$s.new" "%1$s"
    n=0; until [ -e "%2$s" ] || [ $n = 1200 ]; do sleep 0.1; n=$((n + 1)); done
    """
        .formatted(reached, open);
  }

  /** Waits until somebody waits here, and returns the pid. */
  long awaitReached() throws Exception {
    Await.until("a zfs at " + reached, () -> Files.exists(reached));
    return Long.parseLong(Files.readString(reached).strip());
  }

  /** Lets everybody pass, now and later. Idempotent. */
  void open() throws IOException {
    if (Files.notExists(open)) {
      Files.createFile(open);
    }
  }
}
