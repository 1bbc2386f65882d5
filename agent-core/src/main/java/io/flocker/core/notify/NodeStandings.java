package io.flocker.core.notify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Replication;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The copies of this node's volumes, and the volumes that it has. */
public final class NodeStandings implements Standings {
  private final Replication replication;
  private final VolumeCatalog catalog;
  private final InstantSource clock;

  public NodeStandings(Replication replication, VolumeCatalog catalog, InstantSource clock) {
    this.replication = replication;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public Seen now() {
    Map<Subject, Standing> all = new HashMap<>();
    boolean areCopiesKnown = replication.hasLooked();
    for (CopyStatus copy : replication.status()) {
      Subject subject = new Subject(copy.volume(), Optional.of(copy.peer()));
      all.put(
          subject,
          new Standing(
              subject,
              Optional.of(copy.name()),
              copy.state().toString(),
              copy.since(),
              Map.of("copy", copy)));
    }
    return new Seen(all, areCopiesKnown, addVolumes(all));
  }

  /** Whether they are known: while the pool is away nobody can say. */
  private boolean addVolumes(Map<Subject, Standing> all) {
    List<VolumeHead> heads;
    try {
      heads = catalog.known();
    } catch (FailureException _) {
      return false;
    }
    for (VolumeHead head : heads) {
      Standing standing = standing(head);
      // Where a volume has two datasets here the one that needs somebody is told of.
      if (!Standing.isWell(standing.state()) || !all.containsKey(standing.subject())) {
        all.put(standing.subject(), standing);
      }
    }
    return true;
  }

  private Standing standing(VolumeHead head) {
    boolean isSettled = head.role() != Role.CONTESTED && head.role() != Role.SUPERSEDED;
    return new Standing(
        new Subject(head.id(), Optional.empty()),
        Optional.of(head.name()),
        isSettled ? Standing.SETTLED : head.role().toString(),
        clock.instant(),
        Map.of("role", head.role(), "owner", head.owner(), "epoch", head.epoch()));
  }
}
