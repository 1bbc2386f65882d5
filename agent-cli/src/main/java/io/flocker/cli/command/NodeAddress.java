package io.flocker.cli.command;

import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.Endpoint;
import io.flocker.core.config.NodeConfiguration;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the node is that a command asks. */
final class NodeAddress {
  /** Where a node listens unless told otherwise. */
  static final String USUAL = "https://127.0.0.1:4523";

  private static final String SCHEME = "https://";

  private NodeAddress() {}

  /** The option, else the environment's, else the local node's own, else the usual. */
  static URI of(@Nullable URI option, Surroundings surroundings) throws ConfigurationException {
    if (option != null) {
      return withScheme(option.toString());
    }
    String variable = surroundings.variables().get("FLOCKER_URL");
    if (variable != null) {
      return withScheme(variable);
    }
    return advertised(surroundings.folder().resolve("flockerd.yml"))
        .map(NodeAddress::withScheme)
        .orElse(URI.create(USUAL));
  }

  private static URI withScheme(String address) {
    return URI.create(address.contains("://") ? address : SCHEME + address);
  }

  /** Nobody connects to all addresses at once, or to a port that is yet to be chosen. */
  private static Optional<String> advertised(Path configuration) throws ConfigurationException {
    if (!Files.exists(configuration)) {
      return Optional.empty();
    }
    Endpoint advertise = NodeConfiguration.read(configuration).advertise();
    return advertise.isWildcard() || advertise.port() == 0
        ? Optional.empty()
        : Optional.of(advertise.toString());
  }
}
