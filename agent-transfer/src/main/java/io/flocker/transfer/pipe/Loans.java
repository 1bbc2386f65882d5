package io.flocker.transfer.pipe;

import io.flocker.core.os.NativeException;
import io.flocker.core.os.PageLender;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.IovArray;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;

/**
 * Buffers that a pipe was lent instead of a copy, each kept as it is until the pipe's reader has
 * read it. On the loop only.
 */
final class Loans {
  private record Loan(ByteBuf bytes, long end) {}

  private final PageLender lender;
  private final ArrayDeque<Loan> loans = new ArrayDeque<>();
  // How many bytes the pipe was given, lent or copied.
  private long given;

  Loans(int descriptor) {
    this.lender = new PageLender(descriptor);
  }

  /**
   * Lends what {@code vectors} name; {@link #lent} is to be called with as much.
   *
   * @return how many bytes the pipe has taken, 0 when it is full
   */
  long lend(IovArray vectors) throws NativeException {
    return lender.lend(vectors.memoryAddress(0), vectors.count());
  }

  /** The pipe has {@code bytes} for itself. */
  void copied(long bytes) {
    given += bytes;
  }

  /** The pipe has been lent {@code bytes}, which are released once they have been read. */
  void lent(ByteBuf bytes) {
    given += bytes.readableBytes();
    loans.add(new Loan(bytes, given));
  }

  /** Releases what the reader has read. */
  void settle() throws NativeException {
    if (loans.isEmpty()) {
      return;
    }
    long read = given - lender.unread();
    while (!loans.isEmpty() && loans.element().end <= read) {
      loans.remove().bytes.release();
    }
  }

  /** Releases all, once nobody reads the pipe any more. Nothing is to be called after this. */
  void settleAfter(CompletionStage<?> readerEnd) {
    if (!loans.isEmpty()) {
      var _ = readerEnd.whenComplete((_, _) -> loans.forEach(loan -> loan.bytes.release()));
    }
  }
}
