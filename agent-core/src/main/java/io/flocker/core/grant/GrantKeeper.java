package io.flocker.core.grant;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.grant.GrantChain.UnprovenException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Signs what this node grants, and judges what others show, by the certificates that are in force.
 * Any thread may call; every method but {@link #prove} may block on the disk.
 */
public final class GrantKeeper {
  private final Supplier<Credentials> credentials;
  private final GrantBook book;
  private final InstantSource clock;

  /**
   * Keeps the grants of one node.
   *
   * @param credentials those of the node, asked anew each time: certificates are renewed
   */
  public GrantKeeper(Supplier<Credentials> credentials, GrantBook book, InstantSource clock) {
    this.credentials = credentials;
    this.book = book;
    this.clock = clock;
  }

  /**
   * Signs a grant and writes it down. It counts for nobody before the record says the same: one
   * that was signed and not carried out is replaced by the next of its epoch. One that is written
   * down already is not signed again; one whose writing was lost is, and one that nobody believes.
   *
   * @param epoch of the next owner, from 1
   * @throws FailureException {@code NOT_GRANTED} where nobody would believe it, as the clock here
   *     is not within the time of this node's certificate: nothing is written then
   */
  public void sign(
      VolumeId lineage, long epoch, NodeId from, NodeId to, UUID operation, Guid finalSnapshot)
      throws FailureException {
    Optional<String> objection =
        write(new Grant(lineage, epoch, from, to, operation, finalSnapshot, clock.instant()));
    if (objection.isPresent()) {
      throw OwnershipFailure.NOT_GRANTED.because(
          "nobody would believe what node "
              + from
              + " signs now: "
              + objection.get()
              + ". Look at the clock and the certificate there");
    }
  }

  /**
   * Signs that this node has created a volume, and writes it down: its first owner can be shown to
   * whoever never heard of it. Where nobody would believe it that is left for the next time.
   *
   * @param hasFreshId whether this node made up the volume's id, see {@link Grant#FRESH_ID}
   */
  public void signCreation(VolumeId lineage, NodeId self, UUID operation, boolean hasFreshId)
      throws FailureException {
    Guid mark = hasFreshId ? Grant.FRESH_ID : Guid.NONE;
    Optional<String> _ = write(new Grant(lineage, 0, self, self, operation, mark, clock.instant()));
  }

  /** Whether this node has signed that it created a volume by an operation. */
  public boolean isCreationSigned(VolumeId lineage, NodeId self, UUID operation)
      throws FailureException {
    return book.of(lineage).stream()
        .filter(signed -> signed.grant().epoch() == 0 && signed.grant().from().equals(self))
        .filter(signed -> signed.grant().operation().equals(operation))
        .anyMatch(signed -> objection(signed).isEmpty());
  }

  /** Why it was not written, being believed by nobody. */
  private Optional<String> write(Grant grant) throws FailureException {
    boolean isWritten =
        book.of(grant.lineage()).stream()
            .filter(signed -> grant.saysTheSameAs(signed.grant()))
            .anyMatch(signed -> objection(signed).isEmpty());
    if (isWritten) {
      return Optional.empty();
    }
    SignedGrant signed = SignedGrant.by(credentials.get(), grant);
    Optional<String> objection = objection(signed);
    if (objection.isEmpty()) {
      book.add(List.of(signed));
    }
    return objection;
  }

  /**
   * All changes of owner that are known of a volume up to an epoch, by epoch. Its creation is not
   * among them: an older flockerd refuses a message that tells of it.
   */
  public GrantChain upTo(VolumeId lineage, long epoch) throws FailureException {
    return new GrantChain(
        book.of(lineage).stream()
            .filter(signed -> signed.grant().epoch() > 0 && signed.grant().epoch() <= epoch)
            .toList());
  }

  /** The creation alone; empty if none is known. */
  public Optional<SignedGrant> creation(VolumeId lineage) throws FailureException {
    return book.of(lineage).stream().filter(signed -> signed.grant().epoch() == 0).findFirst();
  }

  /** The same with the creation. */
  public GrantChain withCreation(VolumeId lineage, long epoch) throws FailureException {
    return new GrantChain(
        book.of(lineage).stream().filter(signed -> signed.grant().epoch() <= epoch).toList());
  }

  /** All that is kept of a volume, its creation too, and what was signed and not carried out. */
  public GrantChain all(VolumeId lineage) throws FailureException {
    return new GrantChain(book.of(lineage));
  }

  /** Which grant made a node the owner at an epoch, of those that are shown or kept. */
  public Optional<UUID> operation(VolumeId lineage, NodeId owner, long epoch, GrantChain shown)
      throws FailureException {
    return Stream.concat(shown.grants().stream(), book.of(lineage).stream())
        .map(SignedGrant::grant)
        .filter(grant -> grant.lineage().equals(lineage))
        .filter(grant -> grant.epoch() == epoch && grant.to().equals(owner))
        .map(Grant::operation)
        .findFirst();
  }

  /** Whom this node has seen become the owner at an epoch. */
  public Optional<Grant> at(VolumeId lineage, long epoch) throws FailureException {
    return book.of(lineage).stream()
        .map(SignedGrant::grant)
        .filter(grant -> grant.epoch() == epoch)
        .findFirst();
  }

  /** Writes down what was proven. */
  public void keep(List<SignedGrant> proven) throws FailureException {
    if (!proven.isEmpty()) {
      book.add(proven);
    }
  }

  /**
   * Judges what somebody shows for being the owner.
   *
   * @param known as this node has it on record
   * @param claimed of a higher epoch
   * @return what of {@code shown} proves it
   */
  public GrantChain prove(VolumeId lineage, Tenure known, Tenure claimed, GrantChain shown)
      throws UnprovenException {
    return shown.leading(credentials.get().authority(), lineage, known, claimed);
  }

  /**
   * The epoch from which what is shown leads to an owner, each grant signed by the owner before:
   * the owner's own where nothing does, 0 where an operator's word leads there, which stands alone.
   */
  public long begin(VolumeId lineage, Tenure owner, GrantChain shown) {
    List<SignedGrant> end = shown.endingIn(credentials.get().authority(), lineage, owner).grants();
    if (end.isEmpty()) {
      return owner.epoch();
    }
    boolean isTakeover = end.stream().anyMatch(SignedGrant::isTakeover);
    return isTakeover ? 0 : Math.max(0, end.getFirst().grant().epoch() - 1);
  }

  /** Writes down what an operator has signed for this node, who has made sure that it counts. */
  public void accept(SignedGrant sound) throws FailureException {
    book.add(List.of(sound));
  }

  /** Why a grant proves nothing, if it does not: see {@link SignedGrant#objection}. */
  public Optional<String> objection(SignedGrant shown) {
    return shown.objection(credentials.get().authority());
  }

  /**
   * Writes down what led to an owner in the past, as far as that is not known yet: who gives a
   * volume away tells it. What is kept of an epoch and leads to somebody else is no knowledge: it
   * is of one who was believed before there was a copy.
   *
   * @param owner as this node has it on record from now on
   */
  public void learnPast(VolumeId lineage, Tenure owner, GrantChain shown) throws FailureException {
    Map<Long, Grant> known = new HashMap<>();
    for (SignedGrant signed : book.of(lineage)) {
      var _ = known.put(signed.grant().epoch(), signed.grant());
    }
    List<SignedGrant> learned = new ArrayList<>();
    for (SignedGrant signed :
        shown.endingIn(credentials.get().authority(), lineage, owner).grants().reversed()) {
      Grant told = signed.grant();
      Optional<Grant> here =
          Optional.ofNullable(known.get(told.epoch())).filter(one -> one.to().equals(told.to()));
      if (here.isEmpty()) {
        learned.addFirst(signed);
      } else if (!here.get().from().equals(told.from())) {
        break; // What is known goes on elsewhere.
      }
    }
    keep(learned);
  }

  /**
   * Writes down what of a chain leads to an owner whose word is taken.
   *
   * @param owner as this node has it on record from now on
   */
  public void remember(VolumeId lineage, Tenure owner, GrantChain shown) throws FailureException {
    GrantChain proven = shown.endingIn(credentials.get().authority(), lineage, owner);
    if (!proven.grants().isEmpty()) {
      book.add(proven.grants());
    }
  }
}
