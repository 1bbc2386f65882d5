package io.flocker.http.client;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.NodeWish;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node was told last of the cluster's wish.
 *
 * @param generation of the wish; 0 if it was told none
 * @param accepted when it was told; empty if it was told none
 */
public record ToldWish(
    long generation,
    Optional<Instant> accepted,
    List<Application> applications,
    List<NodeWish> nodes) {
  public ToldWish {
    applications = List.copyOf(applications);
    nodes = List.copyOf(nodes);
  }

  /** The wish. */
  public Deployment deployment() {
    return new Deployment(applications, nodes);
  }
}
