package io.flocker.http.api;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a node was told of the cluster's wish; see {@code configuration.json}. */
public record ConfigurationDocument(
    long generation,
    Optional<Instant> accepted,
    List<Application> applications,
    List<NodeWish> nodes,
    Optional<Plan> plan) {
  /** How the API shows it. */
  static ConfigurationDocument of(Configuration configuration) {
    return new ConfigurationDocument(
        configuration.generation(),
        configuration.accepted(),
        configuration.deployment().applications(),
        configuration.deployment().nodes(),
        Optional.empty());
  }

  /** The same with what would be done. */
  ConfigurationDocument with(Plan made) {
    return new ConfigurationDocument(generation, accepted, applications, nodes, Optional.of(made));
  }
}
