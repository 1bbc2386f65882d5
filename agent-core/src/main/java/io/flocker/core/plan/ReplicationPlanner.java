package io.flocker.core.plan;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Point;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans what to send. A pure function: it asks nobody, changes nothing, and gives the same plan for
 * the same views; a dry run is a plan that nobody carries out.
 *
 * <p>A stream can only be received on top of the receiver's newest snapshot, so that one has to be
 * known to the sender, as a snapshot or as a bookmark, whatever its name: else the sides conflict.
 */
public final class ReplicationPlanner {
  private static final Comparator<Point> BY_AGE = Comparator.comparingLong(Point::createtxg);

  private final SenderView sender;
  private final ReceiverView receiver;
  private final ReplicationPolicy policy;
  private final SendWish wish;
  private final List<Snapshot> ours;
  private final List<Snapshot> theirs;
  private final Map<Guid, Point> ourPoints = new HashMap<>();

  private ReplicationPlanner(
      SenderView sender, ReceiverView receiver, ReplicationPolicy policy, SendWish wish) {
    this.wish = wish;
    this.sender = sender;
    this.receiver = receiver;
    this.policy = policy;
    this.ours = sender.snapshots().stream().sorted(BY_AGE).toList();
    this.theirs = receiver.snapshots().stream().sorted(BY_AGE).toList();
    sender.bookmarks().forEach(bookmark -> ourPoints.put(bookmark.guid(), bookmark));
    // A snapshot is the better base of the two: only from it -I can be made.
    ours.forEach(snapshot -> ourPoints.put(snapshot.guid(), snapshot));
  }

  /** Plans the streams that make {@code receiver} hold what {@code policy} wants. */
  public static ReplicationPlan plan(
      SenderView sender, ReceiverView receiver, ReplicationPolicy policy) {
    return plan(sender, receiver, policy, SendWish.USUAL);
  }

  /** The same, with streams that are made as {@code wish} says. */
  public static ReplicationPlan plan(
      SenderView sender, ReceiverView receiver, ReplicationPolicy policy, SendWish wish) {
    return new ReplicationPlanner(sender, receiver, policy, wish).plan();
  }

  private ReplicationPlan plan() {
    if (theirs.isEmpty() && wish.raw().orElse(false) && !canRaw()) {
      return new ReplicationPlan.Conflict(ConflictKind.RAW_UNAVAILABLE, ours, theirs);
    }
    if (ours.isEmpty()) {
      return new ReplicationPlan.Conflict(ConflictKind.NO_SNAPSHOT_TO_SEND, ours, theirs);
    }
    return theirs.isEmpty() ? planFirstCopy() : planUpdate(theirs.getLast());
  }

  private ReplicationPlan planFirstCopy() {
    if (receiver.isInTheWay()) {
      return new ReplicationPlan.Conflict(ConflictKind.NO_COMMON_SNAPSHOT, ours, theirs);
    }
    List<Snapshot> wanted = ours.stream().filter(policy.wanted()).toList();
    if (wanted.isEmpty()) {
      return new ReplicationPlan.Conflict(ConflictKind.NO_SNAPSHOT_TO_SEND, ours, theirs);
    }
    return switch (policy.initial()) {
      case FAIL -> new ReplicationPlan.Conflict(ConflictKind.INITIAL_FORBIDDEN, ours, theirs);
      case LATEST -> firstCopy(wanted.getLast(), resumableFull());
      case ALL -> {
        Snapshot oldest = wanted.getFirst();
        yield firstCopy(oldest, resumableFull().filter(resume -> resume.to().equals(oldest)));
      }
    };
  }

  private ReplicationPlan firstCopy(Snapshot first, Optional<Step.Resume> resume) {
    SendFlags flags = flags(resume.map(this::chain));
    Step begin = resume.isPresent() ? resume.get() : new Step.Full(first, flags);
    return transfer(List.of(begin), begin.to(), flags);
  }

  private Optional<Step.Resume> resumableFull() {
    return resumable()
        .filter(resume -> resume.from().isEmpty())
        .filter(resume -> wish.raw().orElse(false) == resume.flags().raw());
  }

  /**
   * How a chain goes on that has a cut stream. What is remembered counts first: a token does not
   * tell of {@code -L} where no block of its stream was large (setup_featureflags in dmu_send.c).
   */
  private SendFlags chain(Step.Resume resume) {
    return sender.chainFlags().orElse(resume.flags());
  }

  private ReplicationPlan planUpdate(Snapshot tip) {
    Point base = ourPoints.get(tip.guid());
    if (base == null) {
      return divergence();
    }
    // What nobody remembers was begun before there were raw chains.
    boolean isRaw = sender.chainFlags().map(SendFlags::raw).orElse(false);
    if (wish.raw().orElse(isRaw) != isRaw) {
      return new ReplicationPlan.Conflict(
          isRaw ? ConflictKind.PLAIN_AFTER_RAW : ConflictKind.RAW_AFTER_PLAIN,
          newerThan(base),
          List.of());
    }
    Optional<Step.Resume> resume = resumable().filter(step -> continues(step, base));
    Optional<SendFlags> chain = resume.map(this::chain).or(sender::chainFlags);
    Point reached = resume.<Point>map(Step::to).orElse(base);
    return transfer(resume.stream().toList(), reached, flags(chain));
  }

  /** Whether a cut stream goes on from {@code base}, made as the rest of the chain. */
  private boolean continues(Step.Resume resume, Point base) {
    boolean isIncrementOfBase = resume.from().filter(base.guid()::equals).isPresent();
    boolean isNews = resume.to().createtxg() > base.createtxg();
    SendFlags chain = chain(resume);
    boolean isOfTheChain =
        (chain.largeBlocks() || !resume.flags().largeBlocks())
            && chain.raw() == resume.flags().raw();
    return isIncrementOfBase && isNews && isOfTheChain;
  }

  /** The cut stream, if its snapshot is still here and still wanted. */
  private Optional<Step.Resume> resumable() {
    if (!sender.capabilities().canResume() || !receiver.capabilities().canResume()) {
      return Optional.empty();
    }
    return receiver.resume().flatMap(this::resume);
  }

  private Optional<Step.Resume> resume(ResumeState state) {
    return ourPoints.get(state.to()) instanceof Snapshot to
            && policy.wanted().test(to)
            && hasItsName(to, state)
        ? Optional.of(new Step.Resume(state, to))
        : Optional.empty();
  }

  /** {@code zfs send -t} looks for the snapshot by its name at whoever began the stream. */
  private boolean hasItsName(Snapshot to, ResumeState state) {
    return state.toName().equals(sender.dataset() + "@" + to.name());
  }

  private ReplicationPlan transfer(List<? extends Step> begin, Point reached, SendFlags flags) {
    List<Step> steps = new ArrayList<>(begin);
    steps.addAll(Increments.after(reached, newerThan(reached), policy, flags));
    if (steps.isEmpty()) {
      return new ReplicationPlan.UpToDate(reached);
    }
    boolean isResumed = steps.getFirst() instanceof Step.Resume;
    return new ReplicationPlan.Transfer(receiver.resume().isPresent() && !isResumed, steps);
  }

  private List<Snapshot> newerThan(Point base) {
    return ours.stream().filter(snapshot -> snapshot.createtxg() > base.createtxg()).toList();
  }

  private boolean canRaw() {
    return FlagAgreement.canRaw(sender.capabilities(), receiver.capabilities());
  }

  private SendFlags flags(Optional<SendFlags> chain) {
    return FlagAgreement.between(sender.capabilities(), receiver.capabilities(), chain, wish);
  }

  private ReplicationPlan divergence() {
    List<Snapshot> theirBranch = new ArrayList<>();
    for (Snapshot snapshot : theirs.reversed()) {
      Point common = ourPoints.get(snapshot.guid());
      if (common != null) {
        return new ReplicationPlan.Conflict(
            ConflictKind.DIVERGED, newerThan(common), theirBranch.reversed());
      }
      theirBranch.add(snapshot);
    }
    return new ReplicationPlan.Conflict(ConflictKind.NO_COMMON_SNAPSHOT, ours, theirs);
  }
}
