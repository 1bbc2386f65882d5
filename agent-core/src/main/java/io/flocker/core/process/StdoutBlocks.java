package io.flocker.core.process;

import java.io.InputStream;

/** A child's stdout, given away block by block. */
final class StdoutBlocks extends Stdout {
  private final BlockConsumer blocks;

  private StdoutBlocks(BlockConsumer blocks) {
    this.blocks = blocks;
  }

  /** Starts to drain {@code stdout}, which is its own from now on. */
  static StdoutBlocks of(InputStream stdout, BlockConsumer blocks) {
    StdoutBlocks given = new StdoutBlocks(blocks);
    given.drain(stdout);
    return given;
  }

  @Override
  boolean take(byte[] chunk, int length) {
    blocks.take(chunk, length);
    return true;
  }

  /** Nothing: all of it was given away. */
  @Override
  String text() {
    return "";
  }
}
