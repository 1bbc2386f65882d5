package io.flocker.core.grant;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.ClusterAuthority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Grants of one volume, each of the epoch after that of the one before, and each by who was given
 * the volume before. A user's takeover is of any later epoch, and needs nothing before it.
 *
 * @param grants by epoch, the lowest first
 */
public record GrantChain(List<SignedGrant> grants) {
  /** No grant. */
  public static final GrantChain EMPTY = new GrantChain(List.of());

  public GrantChain {
    grants = List.copyOf(grants);
  }

  /** Who owns a volume as of an epoch. */
  public record Tenure(NodeId owner, long epoch) {}

  /**
   * The grants that lead from one owner to a later one.
   *
   * @param authority the cluster's
   * @param known as the node has it on record
   * @param claimed of a higher epoch
   * @return the grants after {@code known}, or from the latest takeover on, up to {@code claimed}
   * @throws UnprovenException naming the epoch that nothing proves, and why
   */
  public GrantChain leading(
      ClusterAuthority authority, VolumeId lineage, Tenure known, Tenure claimed)
      throws UnprovenException {
    Map<Long, SignedGrant> byEpoch = byEpoch(lineage);
    List<SignedGrant> path = new ArrayList<>();
    takeover(authority, byEpoch.values(), known, claimed).ifPresent(path::add);
    Tenure begin =
        path.isEmpty()
            ? known
            : new Tenure(path.getFirst().grant().to(), path.getFirst().grant().epoch());
    NodeId owner = begin.owner();
    for (long epoch = begin.epoch() + 1; epoch <= claimed.epoch(); epoch++) {
      SignedGrant next = byEpoch.get(epoch);
      if (next == null) {
        throw new UnprovenException(epoch, "no grant by node " + owner + " is shown");
      }
      if (!next.grant().from().equals(owner)) {
        throw new UnprovenException(
            epoch, "the grant is by node " + next.grant().from() + ", the owner was " + owner);
      }
      Optional<String> objection = next.objection(authority);
      if (objection.isPresent()) {
        throw new UnprovenException(epoch, objection.get());
      }
      path.add(next);
      owner = next.grant().to();
    }
    if (!owner.equals(claimed.owner())) {
      throw new UnprovenException(
          claimed.epoch(), "it was granted to node " + owner + ", not to " + claimed.owner());
    }
    return new GrantChain(path);
  }

  /** The latest that counts, of those after {@code known}: what was before it proves nothing. */
  private static Optional<SignedGrant> takeover(
      ClusterAuthority authority, Collection<SignedGrant> shown, Tenure known, Tenure claimed) {
    return shown.stream()
        .filter(signed -> signed.grant().epoch() > known.epoch())
        .filter(signed -> signed.grant().epoch() <= claimed.epoch())
        .filter(SignedGrant::isTakeover)
        .sorted(Comparator.comparingLong((SignedGrant one) -> one.grant().epoch()).reversed())
        .filter(signed -> signed.objection(authority).isEmpty())
        .findFirst();
  }

  /**
   * The longest end of the chain that leads to an owner, whoever it begins with: what a node can
   * tell others that never heard of the volume before.
   *
   * @param authority the cluster's
   */
  public GrantChain endingIn(ClusterAuthority authority, VolumeId lineage, Tenure owner) {
    Map<Long, SignedGrant> byEpoch = byEpoch(lineage);
    Deque<SignedGrant> end = new ArrayDeque<>();
    NodeId taker = owner.owner();
    for (long epoch = owner.epoch(); ; epoch--) {
      SignedGrant last = byEpoch.get(epoch);
      if (last == null
          || !last.grant().to().equals(taker)
          || last.objection(authority).isPresent()) {
        return new GrantChain(List.copyOf(end));
      }
      end.addFirst(last);
      taker = last.grant().from();
    }
  }

  /** Those of later epochs. */
  public GrantChain after(long epoch) {
    return new GrantChain(
        grants.stream().filter(signed -> signed.grant().epoch() > epoch).toList());
  }

  private Map<Long, SignedGrant> byEpoch(VolumeId lineage) {
    return grants.stream()
        .filter(signed -> signed.grant().lineage().equals(lineage))
        .collect(
            Collectors.toMap(
                signed -> signed.grant().epoch(), Function.identity(), (one, _) -> one));
  }

  /** A change of owner that nothing proves. */
  public static final class UnprovenException extends Exception {
    private static final long serialVersionUID = 1;

    UnprovenException(long epoch, String why) {
      super("epoch " + epoch + ": " + why);
    }
  }
}
