package io.flocker.core.plan;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Point;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.util.List;
import java.util.Optional;

/** One stream of a plan. */
public sealed interface Step {
  /** Everything as of one snapshot. */
  record Full(Snapshot to, SendFlags flags) implements Step {
    @Override
    public Optional<Guid> from() {
      return Optional.empty();
    }

    @Override
    public List<Snapshot> brings() {
      return List.of(to);
    }

    @Override
    public SendRequest request(String dataset) {
      return new SendRequest.Full(dataset, to.name(), flags);
    }
  }

  /**
   * What changed since {@code base}.
   *
   * @param base a snapshot or bookmark of the sender whose guid is the receiver's newest snapshot
   * @param brings every snapshot that the receiver will have gained, oldest first; never empty
   */
  record Increment(Point base, List<Snapshot> brings, SendFlags flags) implements Step {
    public Increment {
      brings = List.copyOf(brings);
      if (brings.isEmpty()) {
        throw new IllegalArgumentException("an increment brings at least one snapshot");
      }
    }

    /** Whether it is made with {@code -I}; never from a bookmark. */
    public boolean hasIntermediates() {
      return brings.size() > 1;
    }

    @Override
    public Snapshot to() {
      return brings.getLast();
    }

    @Override
    public Optional<Guid> from() {
      return Optional.of(base.guid());
    }

    @Override
    public SendRequest request(String dataset) {
      return new SendRequest.Increment(
          dataset, base.reference(), to().name(), hasIntermediates(), flags);
    }
  }

  /** The rest of a stream that was cut; it is made as the token says. */
  record Resume(ResumeState state, Snapshot to) implements Step {
    @Override
    public Optional<Guid> from() {
      return state.from();
    }

    @Override
    public List<Snapshot> brings() {
      return List.of(to);
    }

    @Override
    public SendFlags flags() {
      return state.flags();
    }

    @Override
    public SendRequest request(String dataset) {
      return new SendRequest.Resumption(dataset, state.token());
    }
  }

  /** The snapshot that the stream ends with. */
  Snapshot to();

  /** Guid of the snapshot that the stream builds on; empty for a full one. */
  Optional<Guid> from();

  /** The snapshots that the stream brings, oldest first. */
  List<Snapshot> brings();

  /** How the stream is made. */
  SendFlags flags();

  /** The send that makes the stream from {@code dataset}. */
  SendRequest request(String dataset);
}
