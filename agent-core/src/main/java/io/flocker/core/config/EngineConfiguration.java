package io.flocker.core.config;

import java.nio.file.Path;

/**
 * What runs containers on this node; where there is none, applications wait for it.
 *
 * @param socket key {@code socket}: where the engine listens, {@code /var/run/docker.sock} by
 *     default
 */
public record EngineConfiguration(Path socket) {
  private static final Path SOCKET = Path.of("/var/run/docker.sock");

  static EngineConfiguration read(YamlMapping engine) {
    EngineConfiguration configuration = new EngineConfiguration(engine.path("socket", SOCKET));
    engine.refuseUnknown();
    return configuration;
  }
}
