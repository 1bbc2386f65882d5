package io.flocker.core.process;

/** Takes what a command says, block by block as it comes; while it blocks the command waits. */
@FunctionalInterface
public interface BlockConsumer {
  /**
   * Takes the first {@code length} bytes of {@code block}, which is used again afterwards. Called
   * by one thread at a time, which nobody interrupts: it blocks for seconds at most.
   */
  void take(byte[] block, int length);
}
