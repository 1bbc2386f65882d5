package io.flocker.core.stream;

import java.util.concurrent.CompletionStage;

/**
 * A child process at one end of a pipe whose other end is ours. Any thread may call.
 *
 * <p>Whoever calls {@link #takeDescriptor} owns that descriptor and closes it; whoever started the
 * child ends it with {@link #close}. Close the pipe first, then wait: a child that is blocked in a
 * write to a full pipe may otherwise be unkillable.
 */
public interface Child extends AutoCloseable {
  /** Which way the bytes of its pipe go. */
  enum Direction {
    /** Its stdout is the stream. */
    SENDING,
    /** It reads the stream from its stdin. */
    RECEIVING
  }

  /** What it was started for; its command does not tell: a snapshot's name may hold any word. */
  Direction direction();

  /** Program and arguments, for the log; callers are told of datasets, not of commands. */
  String command();

  /** The process id, for messages. */
  long pid();

  /**
   * Our end of the pipe: non-blocking, close-on-exec.
   *
   * @throws IllegalStateException when it was taken before
   */
  int takeDescriptor();

  /** Completes with how the child ended; never exceptionally. */
  CompletionStage<Exit> exit();

  /** The last of what the child wrote to stderr, at most 32 KiB; whole once the child has ended. */
  String stderrTail();

  /** Asks the child to end: TERM, then KILL after a grace of 5 s. Returns at once; idempotent. */
  void end();

  /** Ends the child, closes the descriptor unless it was taken, waits for the end, bounded. */
  @Override
  void close();
}
