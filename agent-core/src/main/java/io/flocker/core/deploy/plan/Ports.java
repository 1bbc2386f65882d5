package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.route.ExternalPort;
import java.util.List;

/** The external ports of applications. */
final class Ports {
  private Ports() {}

  static List<ExternalPort> of(Application application) {
    return application.ports().stream()
        .map(port -> new ExternalPort(port.protocol(), port.external()))
        .sorted()
        .toList();
  }
}
