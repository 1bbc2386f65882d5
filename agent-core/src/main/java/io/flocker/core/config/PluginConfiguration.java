package io.flocker.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What Docker asks of this node as its volume plugin, and what is done for peers that are asked so.
 *
 * @param socket key {@code socket}: where Docker finds the plugin, such as {@code
 *     /run/docker/plugins/flocker/flocker.sock}; there is none unless it is given
 * @param givesUnused key {@code give}: {@code unused}, the default beside a socket, gives a peer
 *     that asks for it a volume which nobody uses here; {@code never} is the default without
 * @param destroysRemoved key {@code remove}: what becomes of a volume that Docker removes: {@code
 *     keep}, the default, or {@code destroy}
 */
public record PluginConfiguration(
    Optional<Path> socket, boolean givesUnused, boolean destroysRemoved) {
  private static final String UNUSED = "unused";
  private static final String NEVER = "never";
  private static final String KEEP = "keep";
  private static final String DESTROY = "destroy";

  static PluginConfiguration read(YamlMapping plugin) {
    Optional<Path> socket = plugin.optionalPath("socket");
    String usual = socket.isPresent() ? UNUSED : NEVER;
    PluginConfiguration configuration =
        new PluginConfiguration(
            socket,
            plugin.choice("give", List.of(UNUSED, NEVER), usual).equals(UNUSED),
            plugin.choice("remove", List.of(KEEP, DESTROY), KEEP).equals(DESTROY));
    plugin.refuseUnknown();
    return configuration;
  }
}
