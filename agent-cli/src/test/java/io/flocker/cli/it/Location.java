package io.flocker.cli.it;

import io.flocker.core.os.TestNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a node runs.
 *
 * @param host at which it is reached
 * @param place in a network of the test's; empty where the test runs itself
 */
record Location(String host, Optional<TestNetwork.Place> place) {
  /** Beside the test. */
  static final Location LOOPBACK = new Location("127.0.0.1", Optional.empty());

  /** In a network of the test's. */
  static Location at(TestNetwork.Place place) {
    return new Location(place.host(), Optional.of(place));
  }

  /** The command by which a process gets there. */
  List<String> entry() {
    return place.map(TestNetwork.Place::entry).orElse(List.of());
  }

  /** Address of a unix socket by which a process there reaches the test. */
  String socket(String name) {
    // Abstract names are a network namespace's own.
    return equals(LOOPBACK) ? "@" + name : Path.of("/tmp", name).toString();
  }
}
