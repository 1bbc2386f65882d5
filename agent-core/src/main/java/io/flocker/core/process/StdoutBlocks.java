package io.flocker.core.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** A child's stdout, given away block by block. */
final class StdoutBlocks implements Stdout {
  private static final int BLOCK_BYTES = 64 * 1024;

  private final BlockConsumer blocks;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  private StdoutBlocks(BlockConsumer blocks) {
    this.blocks = blocks;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutBlocks of(InputStream stdout, BlockConsumer blocks) {
    StdoutBlocks drain = new StdoutBlocks(blocks);
    Thread.ofVirtual().name("stdout").start(() -> drain.drain(stdout));
    return drain;
  }

  @Override
  public CompletableFuture<Void> drained() {
    return drained;
  }

  /** Nothing: all of it was given away. */
  @Override
  public String text() {
    return "";
  }

  private void drain(InputStream stdout) {
    byte[] block = new byte[BLOCK_BYTES];
    try (stdout) {
      for (int n = stdout.read(block); n >= 0; n = stdout.read(block)) {
        blocks.take(block, n);
      }
    } catch (IOException _) {
      // The child was killed; whoever killed it says so.
    } finally {
      drained.complete(null);
    }
  }
}
