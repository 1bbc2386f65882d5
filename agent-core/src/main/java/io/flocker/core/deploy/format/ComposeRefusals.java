package io.flocker.core.deploy.format;

import java.util.Map;

/** What Compose knows and a wish cannot say, with what there is instead. */
final class ComposeRefusals {
  private static final Map<String, String> TOP =
      Map.of(
          "name", "the names of applications are the whole cluster's; leave it out",
          "networks", "applications reach each other by their external ports, on every node",
          "secrets", "put them into a volume, or into the environment",
          "configs", "put them into a volume, or into the image",
          "include", "deploy the files one by one");

  private static final Map<String, String> SERVICE =
      Map.ofEntries(
          Map.entry("build", "build the image elsewhere and write its name"),
          Map.entry("configs", "put them into a volume, or into the image"),
          Map.entry("container_name", "a container is called as its application"),
          Map.entry("deploy", "write mem_limit, cpus and restart; every service is one container"),
          Map.entry("devices", "an application has to run on any node"),
          Map.entry("expose", "only published ports are reached; write ports"),
          Map.entry("extends", "write the service as a whole"),
          Map.entry("links", "write the environment, with an external port of the other"),
          Map.entry("network_mode", "applications reach each other by their external ports"),
          Map.entry("networks", "applications reach each other by their external ports"),
          Map.entry("privileged", "add what it needs by cap_add"),
          Map.entry("profiles", "leave out of the file what shall not run"),
          Map.entry("scale", "every service is one container"),
          Map.entry("secrets", "put them into a volume, or into the environment"),
          Map.entry("tmpfs", "use a volume"),
          Map.entry("volumes_from", "name the volumes themselves"));

  private ComposeRefusals() {}

  /** Notes every key of the file that nobody asked for. */
  static void refuseTop(Fields top) {
    top.refuseUnknown(TOP);
  }

  /** Notes every key of a service that nobody asked for. */
  static void refuseService(Fields service) {
    service.refuseUnknown(SERVICE);
  }
}
