package io.flocker.cli.command;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Where the node is that a command asks. */
final class NodeAddress {
  /** Where a node listens unless told otherwise. */
  static final String USUAL = "https://127.0.0.1:4523";

  private static final String SCHEME = "https://";

  private NodeAddress() {}

  /** The option, else the environment's, else the local node's own, else the usual. */
  static URI of(@Nullable URI option, Surroundings surroundings) {
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

  /** The daemon alone judges its configuration; a command only wants this one line of it. */
  private static Optional<String> advertised(Path configuration) {
    if (!Files.isReadable(configuration)) {
      return Optional.empty();
    }
    try {
      JsonNode advertise = new YAMLMapper().readTree(configuration).path("advertise");
      return advertise.isString() ? Optional.of(advertise.stringValue()) : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
