package io.flocker.cli.ca;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node: its uuid, or the file on the node that holds it. */
final class NodeChoice {
  @Option(names = "--uuid", paramLabel = "UUID", description = "The node's uuid.", required = true)
  private @Nullable NodeId uuid;

  @Option(
      names = "--identity",
      paramLabel = "volume.json",
      description = "The node's /etc/flocker/volume.json, which holds its uuid.",
      required = true)
  private @Nullable Path identity;

  NodeId id() throws IOException {
    if (uuid != null) {
      return uuid;
    }
    if (identity != null) {
      return NodeIdentity.existing(identity).node();
    }
    throw new IllegalStateException("picocli lets one of both be given");
  }
}
