package io.flocker.http.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.format.NodeStateWriter;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.http.route.RawBody;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/** What {@code flocker-reportstate} of Flocker 0.3.2 prints. */
final class ReportedState {
  static final String MEDIA_TYPE = "application/yaml"; // RFC 9512

  private ReportedState() {}

  /**
   * The state.
   *
   * @param applications that have a container here, running or not
   * @param volumes of this node; of an application's only those are told that this node owns
   */
  static RawBody of(
      Collection<Application> applications,
      Collection<Volume> volumes,
      SortedSet<Integer> usedPorts) {
    List<Application> told = applications.stream().map(one -> withOwned(one, volumes)).toList();
    byte[] text = NodeStateWriter.write(told, usedPorts).getBytes(US_ASCII);
    return new RawBody(MEDIA_TYPE, ByteBuffer.wrap(text));
  }

  private static Application withOwned(Application application, Collection<Volume> volumes) {
    return application
        .with()
        .volumes(
            application.volumes().stream().filter(mounted -> isOwned(mounted, volumes)).toList())
        .build();
  }

  private static boolean isOwned(MountedVolume mounted, Collection<Volume> volumes) {
    return volumes.stream()
        .filter(volume -> volume.role() == Role.OWNER)
        .anyMatch(volume ->
            mounted
                .id()
                .map(volume.id()::equals)
                .orElseGet(() -> volume.name().equals(mounted.name())));
  }
}
