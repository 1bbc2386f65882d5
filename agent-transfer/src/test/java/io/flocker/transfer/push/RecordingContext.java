package io.flocker.transfer.push;

import io.flocker.core.operation.OperationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Keeps what an operation says of its progress. One thread. */
public final class RecordingContext implements OperationContext {
  /** Each report as {@code bytes/total}. */
  public final List<String> reports = new ArrayList<>();

  private final UUID id = UUID.randomUUID();

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public void phase(String name) {}

  @Override
  public void progress(long bytes, long estimateBytes) {
    reports.add(bytes + "/" + estimateBytes);
  }

  @Override
  public void onCancel(Runnable hook) {}

  @Override
  public void pastCommit() {}
}
