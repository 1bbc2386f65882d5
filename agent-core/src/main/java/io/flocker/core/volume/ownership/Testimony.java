package io.flocker.core.volume.ownership;

import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the grants that were shown count for against a record. A node's grant counts for the epoch
 * right after one at which that node owned the volume; an operator's stands alone. Pure; any
 * thread.
 *
 * @param creator who created the volume again, where that is the evidence
 * @param path the grants that lead to who is shown, by epoch, from the record or what stands alone
 */
public record Testimony(Evidence evidence, Optional<NodeId> creator, List<SignedGrant> path) {
  private static final Testimony NONE = new Testimony(Evidence.NONE, Optional.empty(), List.of());

  public Testimony {
    path = List.copyOf(path);
  }

  /** Who owned a volume at an epoch. */
  private record Owner(NodeId node, long epoch) {}

  /**
   * What led to a record.
   *
   * @param isSettled whether no other creation of the volume counts: its first owner made up its
   *     id, or an operator has chosen a copy among what was there
   */
  private record History(Set<Owner> owners, boolean isSettled) {}

  /**
   * Looks at what is shown.
   *
   * @param kept the grants that this node has of the volume, with those that led to the record
   * @param isSound tells whether the one that a grant names has signed it
   */
  public static Testimony of(
      OwnershipRecord record,
      Tenure claimed,
      Collection<SignedGrant> kept,
      Collection<SignedGrant> shown,
      Predicate<SignedGrant> isSound) {
    // What was signed for a later epoch and not carried out counts for nobody who has not got it.
    List<SignedGrant> own =
        kept.stream().filter(signed -> signed.grant().epoch() <= record.epoch()).toList();
    List<SignedGrant> all =
        Stream.concat(shown.stream(), own.stream())
            .filter(signed -> signed.grant().lineage().equals(record.lineage()))
            .distinct()
            .toList();
    return new Search(record, history(record, own), all, isSound).claim(claimed);
  }

  /**
   * Who owned the volume before the record's owner did, as far as this node knows, and he. What is
   * kept and has not led to the record counts for nothing: a node may have kept it of somebody
   * whose copy it never had, or has no more.
   */
  private static History history(OwnershipRecord record, Collection<SignedGrant> kept) {
    Set<Owner> owners = new HashSet<>();
    // The pool knows of its own volume what a lost state folder does not.
    boolean isSettled = record.isOfFreshId();
    Owner owner = new Owner(record.node(), record.epoch());
    Optional<SignedGrant> last =
        made(owner, kept)
            .filter(signed -> signed.grant().operation().equals(record.operation()))
            .findFirst();
    while (owners.add(owner) && last.isPresent()) {
      Grant grant = last.get().grant();
      if (last.get().isTakeover()) { // From the copy's owner, as of an epoch that is not said.
        isSettled = true;
        last = latest(grant.from(), grant.epoch(), kept);
        owner = last.map(before -> new Owner(grant.from(), before.grant().epoch())).orElse(owner);
      } else if (grant.epoch() > 0) {
        owner = new Owner(grant.from(), grant.epoch() - 1);
        last = made(owner, kept).findFirst();
      } else {
        isSettled |= grant.isOfFreshId();
      }
    }
    return new History(owners, isSettled);
  }

  /** The grants that made an owner. */
  private static Stream<SignedGrant> made(Owner owner, Collection<SignedGrant> grants) {
    return grants.stream()
        .filter(signed -> signed.grant().epoch() == owner.epoch())
        .filter(signed -> signed.grant().to().equals(owner.node()));
  }

  /** The last grant to a node before an epoch. */
  private static Optional<SignedGrant> latest(
      NodeId node, long before, Collection<SignedGrant> grants) {
    return grants.stream()
        .filter(signed -> signed.grant().to().equals(node) && signed.grant().epoch() < before)
        .max(Comparator.comparingLong(signed -> signed.grant().epoch()));
  }

  /** The way back from who is shown. */
  private static final class Search {
    private final Owner known;
    private final History history;
    private final List<SignedGrant> grants;
    private final Predicate<SignedGrant> isSound;
    private final Set<SignedGrant> seen = new HashSet<>();
    private final Deque<SignedGrant> path = new ArrayDeque<>();

    Search(
        OwnershipRecord record,
        History history,
        List<SignedGrant> grants,
        Predicate<SignedGrant> isSound) {
      this.known = new Owner(record.node(), record.epoch());
      this.history = history;
      this.grants = grants;
      this.isSound = isSound;
    }

    Testimony claim(Tenure claimed) {
      return grants.stream()
          .filter(signed -> signed.grant().operation().equals(claimed.operation()))
          .map(signed -> back(signed, new Owner(claimed.owner(), claimed.epoch())))
          .filter(found -> !found.equals(NONE))
          .findFirst()
          .orElse(NONE);
    }

    /** Where a grant leads from, if it made that owner; each is looked at once. */
    private Testimony back(SignedGrant last, Owner owner) {
      Grant grant = last.grant();
      boolean isMeant = grant.epoch() == owner.epoch() && grant.to().equals(owner.node());
      if (!isMeant || !seen.add(last) || !isSound.test(last)) {
        return NONE;
      }
      path.addFirst(last);
      Testimony found = origin(last);
      if (found.equals(NONE)) {
        var _ = path.removeFirst();
      }
      return found;
    }

    private Testimony origin(SignedGrant last) {
      Grant grant = last.grant();
      if (last.isTakeover()) {
        return found(Evidence.TAKEN_OVER, Optional.empty());
      }
      if (grant.epoch() == 0) {
        return history.isSettled() ? NONE : found(Evidence.CREATED_AGAIN, Optional.of(grant.to()));
      }
      Owner giver = new Owner(grant.from(), grant.epoch() - 1);
      if (giver.equals(known)) {
        return found(Evidence.GRANTED, Optional.empty());
      }
      if (history.owners().contains(giver)) {
        return found(Evidence.BRANCHED, Optional.empty());
      }
      for (SignedGrant before : grants) {
        Testimony found = back(before, giver);
        if (!found.equals(NONE)) {
          return found;
        }
      }
      return NONE;
    }

    private Testimony found(Evidence evidence, Optional<NodeId> creator) {
      return new Testimony(evidence, creator, List.copyOf(path));
    }
  }
}
