package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.plan.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What two wishes want otherwise. */
record WishDifference(Deployment before, Deployment after) {
  /** Of one object what a wish says, to be compared. */
  private record Said(Optional<Application> application, Optional<String> node) {}

  private record Mounted(String application, Optional<String> node, MountedVolume volume) {}

  /** Whether they want something else of that object. */
  boolean concerns(Subject object) {
    return switch (object.kind()) {
      case APPLICATION -> !said(before, object.name()).equals(said(after, object.name()));
      case VOLUME, REPLICATION ->
          !mounted(before, object.name()).equals(mounted(after, object.name()));
      case PORT, ROUTES, NODE -> false; // They are set at once: nothing of it can be left out.
    };
  }

  /** The names of applications of which they want something else. */
  Set<String> applications() {
    Set<String> names = new TreeSet<>();
    for (Deployment wish : List.of(before, after)) {
      wish.applications().forEach(application -> names.add(application.name()));
    }
    names.removeIf(name -> !concerns(Subject.application(name)));
    return names;
  }

  private static Said said(Deployment wish, String application) {
    return new Said(wish.application(application), place(wish, application));
  }

  private static List<Mounted> mounted(Deployment wish, String volume) {
    return wish.placed().stream()
        .flatMap(application ->
            application.volumes().stream()
                .filter(mount -> mount.name().toString().equals(volume))
                .map(mount ->
                    new Mounted(application.name(), place(wish, application.name()), mount)))
        .toList();
  }

  private static Optional<String> place(Deployment wish, String application) {
    return wish.nodes().stream()
        .filter(node -> node.applications().contains(application))
        .map(NodeWish::node)
        .findFirst();
  }
}
