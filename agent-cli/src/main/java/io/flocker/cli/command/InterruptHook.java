package io.flocker.cli.command;

/** Something that is done when Ctrl-C ends the program. Armed until closed. */
final class InterruptHook implements AutoCloseable {
  private final Thread hook;

  InterruptHook(Runnable interrupted) {
    hook = new Thread(interrupted, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Disarms; from now on an interrupt ends the command and nothing else. */
  @Override
  public void close() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The interrupt was first.
    }
  }
}
