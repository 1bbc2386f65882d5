package io.flocker.transfer.push;

import static io.flocker.transfer.node.MemoryPair.snapshots;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.transfer.node.MemoryPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The second node has a copy of a volume of the first one's, to which nobody writes any more. */
@Timeout(120)
class PolicyNewsTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final NodeId third = NodeId.random();
  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    say(nodes.second.id);
    var _ = nodes.push(volume);
    assertEquals(Optional.of(copiesAt(nodes.first.id)), heard());
  }

  private void say(NodeId... peers) throws FailureException {
    nodes.first.policies.put(volume, Policy.to(List.of(peers)));
  }

  /** What the copy's node would go on with, should it take the volume over. */
  private Optional<OwnPolicy> heard() {
    return nodes.second.policies.own(volume);
  }

  private static OwnPolicy copiesAt(NodeId... peers) {
    return new OwnPolicy(Policy.to(List.of(peers)), false);
  }

  private long told() {
    return nodes.first.links.said().stream().filter("prune"::equals).count();
  }

  private void look() {
    var _ = nodes.first.news.round();
  }

  @Test
  void aCopyAtRestHearsWhoElseIsToHoldOne() throws Exception {
    say(nodes.second.id, third);

    look();

    assertEquals(Optional.of(copiesAt(nodes.first.id, third)), heard());
  }

  @Test
  void aCopyThatNobodyWantsAnyMoreHearsThat() throws Exception {
    say(third);
    look();
    assertEquals(Optional.of(copiesAt(third)), heard());

    say();
    look();
    assertEquals(Optional.of(copiesAt()), heard());
  }

  @Test
  void whatIsTakenBackIsForgottenAtTheCopy() throws Exception {
    nodes.first.policies.remove(volume);

    look();

    assertEquals(Optional.empty(), heard());
  }

  @Test
  void whatIsSaidOfTheNamespaceIsToldToo() throws Exception {
    nodes.first.policies.remove(volume);
    nodes.first.policies.putNamespace(
        "default", Policy.to(List.of(third)), Policies.Condition.NONE);

    look();

    assertEquals(Optional.of(copiesAt(third)), heard());
  }

  @Test
  void whoCouldNotBeToldHearsItLater() throws Exception {
    say(third);
    nodes.first.links.breaks("prune", TransferFailure.PEER_UNREACHABLE.because("down"));
    look();
    assertEquals(Optional.of(copiesAt(nodes.first.id)), heard());

    nodes.heal();
    look();

    assertEquals(Optional.of(copiesAt(third)), heard());
  }

  @Test
  void whoHasHeardItIsLeftInPeace() throws Exception {
    long before = told();
    look();
    assertEquals(before, told(), "the push has told it");

    say(third);
    look();
    look();

    assertEquals(before + 1, told());
  }

  @Test
  void whoHasNoCopyAnyMoreIsNotAskedInEveryRound() throws Exception {
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);
    long before = told();
    say(third);

    look();
    look();

    assertEquals(before + 1, told());
  }

  @Test
  void aCopyThatIsGoneIsToldOfOnceItsNodeWasAwayOrAfterAWhile() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    PolicyNews news =
        new PolicyNews(nodes.first.parts, nodes.first.links, nodes.first.policies, () -> now.get());
    List<Copy> gone = new ArrayList<>();
    news.onGone(gone::add);
    var _ = news.round();
    now.set(now.get().plus(Duration.ofMinutes(2)));
    long before = told();
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);

    var _ = news.round();
    assertEquals(before, told(), "who has heard it is left in peace");
    news.isBack(nodes.second.id);
    var _ = news.round();
    assertEquals(List.of(new Copy(volume, nodes.second.id)), gone);

    news.isBack(nodes.second.id);
    var _ = news.round();
    assertEquals(before + 1, told(), "a node that comes and goes is not asked each time");
    now.set(now.get().plus(Duration.ofHours(1)));
    var _ = news.round();
    assertEquals(2, gone.size());
  }

  @Test
  void aQuietCopyIsMissedInTime() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    PolicyNews news =
        new PolicyNews(nodes.first.parts, nodes.first.links, nodes.first.policies, () -> now.get());
    List<Copy> gone = new ArrayList<>();
    news.onGone(gone::add);
    var _ = news.round();
    nodes.second.volumes.destroyReplica(volume, Condition.NONE);

    now.set(now.get().plus(Duration.ofMinutes(15)));
    var _ = news.round();

    assertEquals(List.of(new Copy(volume, nodes.second.id)), gone);
  }

  @Test
  void theDaemonThatComesNextTellsWhatItsPredecessorMayNotHave() throws Exception {
    say(third);

    var _ = nodes.first.successor(nodes.second).news.round();

    assertEquals(Optional.of(copiesAt(third)), heard());
  }

  @Test
  void noSnapshotGoesForNews() throws Exception {
    nodes.first.policies.put(
        volume,
        new Policy(
            List.of(nodes.second.id),
            Policy.USUAL_MAX_LAG,
            Policy.USUAL_MIN_INTERVAL,
            InitialReplication.ALL,
            RetentionRules.USUAL,
            Optional.of(RetentionRules.ofLast(5))));
    for (int push = 0; push < 5; push++) {
      var _ = nodes.push(volume);
    }
    List<Snapshot> before = snapshots(nodes.second, volume);
    say(third);

    look();

    assertEquals(Optional.of(copiesAt(third)), heard());
    assertEquals(5, before.size());
    assertEquals(before, snapshots(nodes.second, volume));
  }

  @Test
  void aPushTellsItAlsoWhereNothingCanBeDestroyedHere() throws Exception {
    for (int push = 0; push < 2; push++) {
      var _ = nodes.push(volume);
    }
    nodes.first.pool.breaks("destroySnapshot", StorageFailure.ZFS_TIMEOUT.because("no answer"));
    say(nodes.second.id, third);

    var _ = nodes.push(volume);

    assertEquals(3, snapshots(nodes.first, volume).size());
    assertEquals(Optional.of(copiesAt(nodes.first.id, third)), heard());
  }
}
