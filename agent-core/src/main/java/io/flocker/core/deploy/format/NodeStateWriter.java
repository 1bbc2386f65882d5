package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.RestartPolicy;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A node's state as {@code flocker-reportstate} of Flocker 0.3.2 printed it, byte for byte.
 *
 * <p>What Flocker 0.3 could not say of an application is left out: datagrams, all volumes but its
 * own, its limits, and the rest that came later. A restart policy, a maximum size and a dataset's
 * id stand there, as in 0.4, for an application that has them.
 */
public final class NodeStateWriter {
  /** As Python 2 sorts mappings: by the first of their keys, then by the second. */
  private static final Comparator<Port> AS_PYTHON =
      Comparator.comparingInt(Port::external).thenComparingInt(Port::internal);

  private NodeStateWriter() {}

  /**
   * The text, in ASCII.
   *
   * @param applications all that the node has, whether they run or not
   * @param usedPorts TCP ports that the node uses, whatever for
   */
  public static String write(Collection<Application> applications, SortedSet<Integer> usedPorts) {
    SortedMap<String, Object> byName = new TreeMap<>();
    applications.forEach(application -> byName.put(application.name(), application(application)));
    SortedMap<String, Object> state = new TreeMap<>();
    state.put("applications", byName);
    state.put("used_ports", List.copyOf(usedPorts));
    state.put("version", 1);
    return PyYamlText.of(state);
  }

  private static SortedMap<String, Object> application(Application application) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("image", application.image().toString());
    List<SortedMap<String, Object>> ports =
        application.ports().stream()
            .filter(port -> port.protocol() == Protocol.TCP)
            .sorted(AS_PYTHON)
            .map(NodeStateWriter::port)
            .toList();
    if (!ports.isEmpty()) {
      fields.put("ports", ports);
    }
    if (!application.links().isEmpty()) {
      fields.put("links", application.links().stream().map(NodeStateWriter::link).toList());
    }
    if (!application.program().environment().isEmpty()) {
      fields.put("environment", application.program().environment());
    }
    application.volumes().stream()
        .filter(volume -> volume.name().equals(FlockerFormat.ownVolume(application.name())))
        .findFirst()
        .ifPresent(volume -> fields.put("volume", volume(volume)));
    if (application.restartPolicy().name() != RestartPolicy.Name.NEVER) {
      fields.put("restart_policy", restartPolicy(application.restartPolicy()));
    }
    return fields;
  }

  private static SortedMap<String, Object> port(Port port) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("external", port.external());
    fields.put("internal", port.internal());
    return fields;
  }

  private static SortedMap<String, Object> link(Link link) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("alias", link.alias());
    fields.put("local_port", link.localPort());
    fields.put("remote_port", link.remotePort());
    return fields;
  }

  private static SortedMap<String, Object> volume(MountedVolume volume) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("mountpoint", volume.mountpoint());
    volume.maximumSizeBytes().ifPresent(bytes -> fields.put("maximum_size", String.valueOf(bytes)));
    volume.id().ifPresent(id -> fields.put("dataset_id", id.toString()));
    return fields;
  }

  private static SortedMap<String, Object> restartPolicy(RestartPolicy policy) {
    SortedMap<String, Object> fields = new TreeMap<>();
    fields.put("name", policy.name().toString());
    policy.maximumRetries().ifPresent(retries -> fields.put("maximum_retry_count", retries));
    return fields;
  }
}
