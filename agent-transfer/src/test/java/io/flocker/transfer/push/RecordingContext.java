package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.operation.OperationContext;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what an operation says of itself, and ends it where a test wants that. */
public final class RecordingContext implements OperationContext {
  /** What {@link #cancelAt} has for the moment before the commit. */
  public static final String COMMIT = "commit";

  /** Each report as {@code bytes/total}. */
  public final List<String> reports = new CopyOnWriteArrayList<>();

  /** Each phase, and {@link #COMMIT}. */
  public final List<String> phases = new CopyOnWriteArrayList<>();

  /** Hears each phase too. */
  public volatile Consumer<String> told = _ -> {};

  private final UUID id;
  private volatile boolean isInBackground;
  private volatile String end = "";
  private volatile @Nullable Runnable hook;

  /** An operation of its own. */
  public RecordingContext() {
    this(UUID.randomUUID());
  }

  /** The operation of that id. */
  public RecordingContext(UUID id) {
    this.id = id;
  }

  /** Nobody waits for the operation. */
  public RecordingContext inBackground() {
    isInBackground = true;
    return this;
  }

  /** Somebody wants the operation to end once it comes there. */
  public RecordingContext cancelAt(String phase) {
    end = phase;
    return this;
  }

  /** Somebody wants the operation to end now. */
  public void cancel() {
    Runnable told = hook;
    if (told != null) {
      told.run();
    }
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public boolean isInBackground() {
    return isInBackground;
  }

  @Override
  public void phase(String name) throws FailureException {
    phases.add(name);
    told.accept(name);
    if (name.equals(end)) {
      throw TransferFailure.CANCELLED.because("cancelled at " + name);
    }
  }

  @Override
  public void progress(long bytes, long estimateBytes) {
    reports.add(bytes + "/" + estimateBytes);
  }

  @Override
  public void onCancel(Runnable wanted) {
    hook = wanted;
  }

  @Override
  public void pastCommit() throws FailureException {
    phase(COMMIT);
  }
}
