package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Knows the volumes that this node took from an owner that is gone, and of which it knows no
 * policy. Any thread; asks the disk.
 */
public final class LostPolicies {
  private final VolumeCatalog catalog;
  private final GrantKeeper grants;
  private final Policies policies;

  public LostPolicies(VolumeCatalog catalog, GrantKeeper grants, Policies policies) {
    this.catalog = catalog;
    this.grants = grants;
    this.policies = policies;
  }

  /** Those of which nobody has said since who holds copies, not even that nobody does; by name. */
  public List<VolumeHead> list() throws FailureException {
    List<VolumeHead> lost = new ArrayList<>();
    for (VolumeHead head : catalog.known()) {
      if (head.role() == Role.OWNER
          && head.epoch() > 0
          && policies.source(head.id(), head.name()) == PolicySource.NONE
          && wasTakenOver(head)) {
        lost.add(head);
      }
    }
    lost.sort(Comparator.comparing(head -> head.name().toString()));
    return lost;
  }

  private boolean wasTakenOver(VolumeHead head) throws FailureException {
    List<SignedGrant> past = grants.upTo(head.id(), head.epoch()).grants();
    return !past.isEmpty()
        && past.getLast().grant().epoch() == head.epoch()
        && past.getLast().isTakeover();
  }
}
