package io.flocker.core.operation;

import java.util.UUID;

/**
 * Work that goes on behind nobody's request: nobody watches how far it is, and nobody cancels it.
 *
 * @param id under which what it holds is found
 */
public record Unattended(UUID id) implements OperationContext {
  @Override
  public void phase(String name) {}

  @Override
  public void progress(long bytes, long estimateBytes) {}

  @Override
  public void onCancel(Runnable hook) {}

  @Override
  public void pastCommit() {}
}
