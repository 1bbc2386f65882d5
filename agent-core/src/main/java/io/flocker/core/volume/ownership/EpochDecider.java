package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.storage.OwnershipRecord;
import java.util.Optional;

/**
 * Says whether a volume gets a new epoch. Each comes to be here, at the node that makes it: for a
 * volume that is created or adopted, given away, or taken over; those who only learn of it do not
 * ask. Any thread may call; blocks, the volume being locked, and without a writer where it is given
 * away.
 *
 * <p>Whoever asks does so before he signs or writes anything. So an implementation keeps to this:
 *
 * <ul>
 *   <li>Of each lineage and epoch one node makes the record: who was agreed with first. The same
 *       record is agreed to again at any time, after a restart too. Another one of that node, by
 *       another operation, takes the place of the first: a node asks for it only where the first
 *       was neither written nor shown to anybody, since its disk was full or it was killed.
 *   <li>It never goes back: what is not above all that was agreed to of a lineage, and is neither
 *       of these, is {@code STALE_EPOCH}. A node that takes a volume over, and is told so, has to
 *       know the higher epoch from then on, so that what it proposes next is above that.
 *   <li>It keeps no more of a lineage than the latest answer, and nothing of epochs beyond {@link
 *       OwnershipRecord#MAX_EPOCH}, which are never asked for.
 *   <li>It answers within some seconds, or throws. What is not certain is a refusal: nobody signs
 *       or writes it, and who asks anew gets what was agreed to.
 *   <li>A first epoch under an id that its node made up needs nobody else: no other node knows it,
 *       and while it is not agreed to that node cannot list what its pool holds.
 * </ul>
 */
@FunctionalInterface
public interface EpochDecider {
  /**
   * Agrees to an epoch.
   *
   * @param known what the dataset bears; empty for a volume that begins
   * @param next what it is to bear: {@code RELEASED} to who is granted it by its owner, {@code
   *     OWNED} by this node where it begins here, or where an operator has signed that it is taken
   *     over
   * @throws FailureException why not, for whoever wanted it: nothing is changed then
   */
  void agree(Optional<OwnershipRecord> known, OwnershipRecord next) throws FailureException;
}
