package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.configuration.ConfigurationBook;
import io.flocker.core.deploy.converge.NamedVolumes;
import io.flocker.core.deploy.converge.VolumeMoves;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.operation.Operations;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Volume;
import io.flocker.http.api.BootId;
import io.flocker.http.api.VolumeDocuments;
import io.flocker.http.net.EventLoops;
import io.flocker.http.server.PluginServer;
import io.flocker.transfer.assembly.ByteMover;
import io.flocker.transfer.attach.AttachRoutes;
import io.flocker.transfer.attach.MountBook;
import io.flocker.transfer.attach.VolumeAttachment;
import io.flocker.transfer.attach.VolumeGiver;
import io.flocker.transfer.plugin.DockerPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Puts together what brings volumes to where they are used. One thread; used once. */
final class AttachedVolumes {
  /** For a peer that does not answer, of the minute that Docker waits for what only looks. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final NodeConfiguration configuration;
  private final NodeVolumes node;
  private final DockerPlugin plugin;
  private final AttachRoutes routes;

  /**
   * Those of {@code node}.
   *
   * @param wish says which volumes are used here, and so are given to nobody
   */
  AttachedVolumes(
      NodeConfiguration configuration,
      NodeVolumes node,
      ByteMover mover,
      Operations operations,
      VolumeDocuments documents,
      ConfigurationBook wish,
      Address advertised)
      throws IOException {
    this.configuration = configuration;
    this.node = node;
    MountBook book =
        MountBook.open(configuration.state(), BootId.current().value(), Clock.systemUTC());
    VolumeMoves moves = mover.moves(operations, documents);
    VolumeAttachment attachment = mover.attachment(moves, WAIT);
    VolumeGiver giver =
        mover.giver(
            moves,
            book,
            volume -> wished(wish.current(), volume, node.self(), advertised),
            configuration.plugin().givesUnused());
    this.routes = new AttachRoutes(operations, attachment, giver);
    this.plugin =
        new DockerPlugin(node, attachment, book, configuration.plugin().destroysRemoved());
  }

  /** What users and other nodes ask. */
  AttachRoutes routes() {
    return routes;
  }

  /**
   * Serves Docker, where the settings name a socket for it.
   *
   * @throws IOException if nobody can listen there
   */
  void serve(EventLoops loops, ResourceStack closing) throws IOException {
    Optional<Path> socket = configuration.plugin().socket();
    if (socket.isPresent()) {
      Principal.Node self = new Principal.Node(node.self());
      var _ = closing.add(PluginServer.start(socket.get(), self, loops, plugin.routes()));
    }
  }

  /** What the configuration wishes here stays, or who wishes and who asks would never agree. */
  private static Optional<String> wished(
      Configuration wish, Volume volume, NodeId self, Address advertised) {
    return wish.deployment().nodes().stream()
        .filter(place -> place.isFor(self, List.of(advertised)))
        .flatMap(place -> wish.deployment().applications(place).stream())
        .filter(application -> isUsedBy(application, volume))
        .findFirst()
        .map(application ->
            "application %s uses it there, by generation %d of the configuration"
                .formatted(application.name(), wish.generation()));
  }

  private static boolean isUsedBy(Application application, Volume volume) {
    List<MountedVolume> volumes = application.volumes();
    return NamedVolumes.ofMounts(volumes).includes(volume.id(), volume.name());
  }
}
