package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.plan.Change.SetRoutes;
import io.flocker.core.deploy.plan.Places.Placed;
import io.flocker.core.deploy.route.ExternalPort;
import io.flocker.core.deploy.route.Route;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import java.util.ArrayList;
import java.util.List;

/**
 * Where external ports lead. A port leads to the node that runs its application: while one that
 * moves still runs here its ports answer here, and while one that comes waits for a volume its
 * ports lead where they led before. What waits for nothing is right at once, so that no stuck move
 * of one application keeps the ports of another.
 */
final class RoutePlan {
  private final Situation situation;
  private final Draft draft;
  private final List<Route> routes = new ArrayList<>();
  private final List<ExternalPort> open = new ArrayList<>();

  RoutePlan(Situation situation, Draft draft) {
    this.situation = situation;
    this.draft = draft;
  }

  /** Adds what has to be changed to the draft. */
  void plan() {
    if (situation.discovery().routes().isEmpty()) {
      draft.add(
          new Obstacle(
              Obstacle.Kind.ROUTES_UNKNOWN,
              Subject.NODE,
              "the routes in force cannot be told, so they stay as they are"));
      return;
    }
    Routes.Found found = situation.discovery().routes().get();
    for (Placed placed : situation.places().all()) {
      lead(placed, found.routing());
    }
    Routing wished = Routing.of(routes, open);
    if (!found.is(wished)) {
      draft.add(Phase.ROUTE, new SetRoutes(found.routing(), wished));
    }
  }

  private void lead(Placed placed, Routing now) {
    Application application = placed.application();
    List<ExternalPort> ports = Ports.of(application);
    if (situation.mayRun(application.name())) {
      open.addAll(ports);
      return;
    }
    switch (placed.place()) {
      case Place.Here() -> {
        open.addAll(ports);
        if (isToCome(application)) {
          ports.forEach(port -> keep(port, now));
        }
      }
      case Place.At(KnownPeer peer) -> {
        if (situation.isEngineAway() && now.open().containsAll(ports)) {
          open.addAll(ports); // It may run here still.
        } else {
          lead(application.name(), ports, peer);
        }
      }
      case Place.Unknown _ -> {
        ports.forEach(port -> keep(port, now));
        ports.stream().filter(port -> now.open().contains(port)).forEach(open::add);
      }
    }
  }

  private void lead(String name, List<ExternalPort> ports, KnownPeer peer) {
    for (ExternalPort port : ports) {
      List<Route> ways = Route.to(port, peer.locations());
      routes.addAll(ways);
      if (ways.isEmpty()) {
        draft.add(
            new Obstacle(
                Obstacle.Kind.NODE_UNROUTABLE,
                Subject.application(name),
                "the ports of %s lead nowhere here: no address of node %s can be routed to"
                    .formatted(name, peer.node())));
        return;
      }
    }
  }

  private void keep(ExternalPort port, Routing now) {
    now.routes().stream().filter(route -> route.port().equals(port)).forEach(routes::add);
  }

  /** Whether it may run elsewhere still, since a volume of it does not belong to this node yet. */
  private boolean isToCome(Application application) {
    return situation.volumes(application).stream()
        .map(WishedVolume::sighting)
        .anyMatch(sighting -> !sighting.isOwnedHere() && sighting.owner().isPresent());
  }
}
