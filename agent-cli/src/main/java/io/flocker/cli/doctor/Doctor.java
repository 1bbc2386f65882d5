package io.flocker.cli.doctor;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Nftables;
import io.flocker.core.deploy.route.RouteSettings;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RouteFailure;
import io.flocker.core.os.SharedMounts;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.StuckChildren;
import io.flocker.http.docker.DockerEngine;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Looks at the node on which it runs; needs root for ZFS and the routes. One thread. */
public final class Doctor {
  private static final String ENGINE = "engine";
  private static final String MOUNTS = "mounts";
  private static final String ROUTES = "routes";

  private Doctor() {}

  /** All findings about a node of these settings, whether its daemon runs or not. */
  public static List<Finding> examine(NodeConfiguration configuration) {
    LocalZfs local = LocalZfs.of(configuration);
    Set<ExternalPort> reserved = Set.of();
    Routes routes =
        new Nftables(RouteSettings.reserving(reserved), new StuckChildren(), CommandObserver.NONE);
    List<Examination> examinations =
        List.of(
            new MachineExamination(configuration.state(), configuration.transfer().pipeBytes()),
            new PoolExamination(local, configuration),
            new SnapshotExamination(local.zfs(), configuration.pool()),
            new CertificateExamination(configuration.certificates(), configuration.identity()),
            new PeerExamination(
                configuration.certificates(), configuration.identity(), configuration.state()),
            () -> List.of(engine(configuration.engine().socket())),
            () -> List.of(mounts(configuration.mountRoot())),
            () -> routes(routes));
    return examinations.stream().flatMap(one -> one.findings().stream()).toList();
  }

  /** A node without an engine has volumes all the same. */
  static Finding engine(Path socket) {
    try (EventLoops loops = EventLoops.start(1);
        DockerEngine engine = new DockerEngine(loops, socket)) {
      return new Finding(ENGINE, Verdict.OK, engine.describe().toString());
    } catch (FailureException e) {
      boolean isAway = e.failure() == EngineFailure.ENGINE_UNAVAILABLE;
      return isAway
          ? Finding.of(ENGINE, Verdict.WARNING, e).with("Only applications need it.")
          : Finding.of(ENGINE, Verdict.FAILURE, e);
    }
  }

  static Finding mounts(Path root) {
    try {
      return SharedMounts.arePassedOn(root)
          ? new Finding(MOUNTS, Verdict.OK, "What is mounted below " + root + " is passed on.")
          : new Finding(
              MOUNTS,
              Verdict.WARNING,
              """
              What is mounted below %1$s is not passed on: an engine that runs already sees no \
              volume that is mounted later. Before the engine starts: mount --bind %1$s %1$s && \
              mount --make-shared %1$s\
              """
                  .formatted(root));
    } catch (IOException e) {
      return new Finding(
          MOUNTS,
          Verdict.FAILURE,
          "%s cannot be looked at (%s): make the folder, or correct mount-root in the settings."
              .formatted(root, e.getMessage()));
    }
  }

  static List<Finding> routes(Routes routes) {
    try {
      List<String> hindrances = routes.examine();
      return hindrances.isEmpty()
          ? List.of(
              new Finding(ROUTES, Verdict.OK, "Nothing keeps ports from leading to other nodes."))
          : hindrances.stream()
              .map(sentence -> new Finding(ROUTES, Verdict.WARNING, sentence))
              .toList();
    } catch (FailureException e) {
      // Without nft a node has no routes, and volumes all the same.
      boolean isAway = e.failure() == RouteFailure.ROUTES_UNAVAILABLE;
      return List.of(
          isAway
              ? Finding.of(ROUTES, Verdict.WARNING, e)
                  .with("Only external ports of applications need them.")
              : Finding.of(ROUTES, Verdict.FAILURE, e));
    }
  }
}
