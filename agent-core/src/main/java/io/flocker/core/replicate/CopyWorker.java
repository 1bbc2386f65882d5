package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/** Does what a run is for, and tells the copies what came of it. On a thread of the run's own. */
final class CopyWorker {
  private final Replicator replicator;
  private final TrackedCopies copies;
  private final Runnable afterwards;
  private volatile ObjLongConsumer<VolumeId> snapshotListener = (_, _) -> {};

  /**
   * Works for {@code copies}.
   *
   * @param afterwards is done after each run, on its thread
   */
  CopyWorker(Replicator replicator, TrackedCopies copies, Runnable afterwards) {
    this.replicator = replicator;
    this.copies = copies;
    this.afterwards = afterwards;
  }

  /** As {@link Replication#onSnapshot}. */
  void onSnapshot(ObjLongConsumer<VolumeId> listener) {
    snapshotListener = listener;
  }

  void push(ReplicationRun run) {
    attempt(
        run,
        () ->
            copies.arrived(
                run,
                replicator.push(
                    run.copy(),
                    copies.policy(run.copy()),
                    new Need(run),
                    () ->
                        run.end(
                            TransferFailure.CANCELLED.because("somebody wants the volume alone")),
                    run.fanOut(),
                    run)),
        why -> copies.failed(run, why));
  }

  void compare(ReplicationRun run) {
    attempt(
        run,
        () -> copies.compared(run, replicator.verify(run.copy(), run)),
        why -> copies.notCompared(run, why));
  }

  /** What may end in any way. */
  private interface Work {
    void run() throws Exception;
  }

  private void attempt(ReplicationRun run, Work work, Consumer<FailureException> failed) {
    run.on(Thread.currentThread());
    try {
      work.run();
    } catch (FailureException e) {
      failed.accept(run.reason().orElse(e));
    } catch (InterruptedException e) {
      failed.accept(run.reason().orElse(TransferFailure.CANCELLED.because("interrupted")));
    } catch (Exception | Error e) {
      Action.traceback(e);
      failed.accept(
          RequestFailure.INTERNAL_ERROR
              .because("this node's log tells why: " + e.getClass().getSimpleName())
              .causedBy(e));
    }
    boolean _ = Thread.interrupted(); // What is left to do is short.
    afterwards.run();
  }

  /** Tells of a snapshot only once it is taken: of one that failed nobody need know. */
  private final class Need implements SnapshotNeed {
    private final ReplicationRun run;

    Need(ReplicationRun run) {
      this.run = run;
    }

    @Override
    public boolean isNewOneDue(Predicate<Guid> isThere) {
      return copies.isSnapshotDue(run, isThere);
    }

    @Override
    public void taken(Guid snapshot, long referencedBytes) {
      copies.snapshotted(run, snapshot);
      snapshotListener.accept(run.copy().volume(), referencedBytes);
    }
  }
}
