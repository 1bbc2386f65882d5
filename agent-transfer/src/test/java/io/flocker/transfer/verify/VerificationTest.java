package io.flocker.transfer.verify;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.Verified;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.Condition;
import io.flocker.transfer.node.FileClock;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.DigestRequest;
import io.flocker.transfer.push.RecordingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class VerificationTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;
  private Verification verification;
  private final List<Verified> found = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
    verification = new Verification(nodes.first.parts, nodes.first.links, nodes.first.digests);
  }

  private void verify() throws FailureException {
    var _ = verification.run(new Copy(volume, nodes.second.id), found::add, new RecordingContext());
  }

  /** Pools in memory mount nothing: each side reads an empty folder of its own age. */
  @Test
  void aCopyWithOtherContentIsNamedAndNothingIsLeftOpen() throws Exception {
    var _ = nodes.push(volume);
    nodes.first.links.breaks(moment -> {
      if (moment.equals("digest")) {
        FileClock.awaitTick(nodes.folder); // Or both folders would bear the same time.
      }
    });

    FailureException failure = assertThrows(FailureException.class, this::verify);

    assertEquals(TransferFailure.COPY_DIFFERS, failure.failure());
    assertEquals(nodes.second.id, failure.members().get("node"));
    assertEquals(MemoryPair.latest(nodes.second, volume).guid(), found.getFirst().guid());
    assertEquals(
        TransferFailure.COPY_DIFFERS.type(), found.getFirst().drift().orElseThrow().get("type"));
    assertEquals(List.of(dataset(nodes.first)), datasets(nodes.first));
    assertEquals(List.of(dataset(nodes.second)), datasets(nodes.second));
  }

  @Test
  void theSnapshotStaysHoweverLongThePeerReads() throws Exception {
    var _ = nodes.push(volume);
    Guid snapshot = MemoryPair.latest(nodes.first, volume).guid();
    RecordingContext context = new RecordingContext();
    context.told =
        phase -> {
          if (phase.equals("reading")) {
            for (int push = 0; push < 5; push++) {
              try {
                var _ = nodes.push(volume);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };

    Verified result = verification.verify(new Copy(volume, nodes.second.id), context);

    assertEquals(snapshot, result.guid());
  }

  @Test
  void aComparisonGivesWayToWhoDestroysTheVolume() throws Exception {
    var _ = nodes.push(volume);
    CompletableFuture<Boolean> destroyed = new CompletableFuture<>();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("digest")) { // The peer reads, and would for days.
        var _ = destroyed.completeAsync(this::destroy);
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw TransferFailure.CANCELLED.because("interrupted").causedBy(e);
        }
      }
    });

    FailureException failure = assertThrows(FailureException.class, this::verify);

    assertEquals(TransferFailure.CANCELLED, failure.failure());
    assertTrue(failure.detail().contains("gave way"), failure::detail);
    assertTrue(destroyed.get());
    assertEquals(List.of(), found);
    assertEquals(List.of(), datasets(nodes.first));
  }

  private boolean destroy() {
    try {
      nodes.first.volumes.destroy(volume, Condition.NONE);
      return true;
    } catch (FailureException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatWasPrunedBeforeItWasLookedAtIsReplacedByWhatIsNewer() throws Exception {
    var _ = nodes.push(volume);
    AtomicInteger looks = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("digest") && looks.incrementAndGet() == 1) {
        throw StorageFailure.DATASET_NOT_FOUND.because("pruned");
      }
    });

    var _ = verification.verify(new Copy(volume, nodes.second.id), new RecordingContext());

    assertEquals(2, looks.get());
  }

  @Test
  void aPeerWithoutACopyHasNothingToVerify() {
    assertFails(TransferFailure.NOTHING_TO_VERIFY, this::verify);
  }

  @Test
  void aPeerOfAnOlderVersionIsNamedAsThat() throws Exception {
    var _ = nodes.push(volume);
    nodes.first.links.breaks("digest", RequestFailure.NOT_FOUND.because("There is no …/digest."));

    FailureException failure = assertThrows(FailureException.class, this::verify);

    assertEquals(TransferFailure.PEER_FAILED, failure.failure());
    assertTrue(failure.detail().contains("is of an older flockerd"), failure::detail);
  }

  @Test
  void nobodyButItsOwnerLearnsWhatACopyContains() throws Exception {
    var _ = nodes.push(volume);
    Guid snapshot = MemoryPair.latest(nodes.second, volume).guid();

    assertFails(
        OwnershipFailure.NOT_OWNER,
        () ->
            nodes.second.digests.answer(
                NodeId.random(), volume, new DigestRequest(snapshot), _ -> {}));
  }

  @Test
  @DisplayName("B04 what nobody waits for any more is not read on, and its view is taken away")
  void endsTheReadingWhenTheOwnerHasGone() throws Exception {
    var _ = nodes.push(volume);
    Guid snapshot = MemoryPair.latest(nodes.second, volume).guid();

    assertFails(
        TransferFailure.CANCELLED,
        () ->
            nodes.second.digests.answer(
                nodes.first.id, volume, new DigestRequest(snapshot), Runnable::run));

    assertEquals(List.of(dataset(nodes.second)), datasets(nodes.second));
  }

  private String dataset(MemoryNode node) throws FailureException {
    return node.catalog.require(volume).dataset().name();
  }

  private static List<String> datasets(MemoryNode node) throws FailureException {
    return node.fake.datasets().stream().map(Dataset::name).toList();
  }
}
