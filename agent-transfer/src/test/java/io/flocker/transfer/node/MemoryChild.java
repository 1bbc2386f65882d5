package io.flocker.transfer.node;

import io.flocker.core.os.Pipe;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A thread in the place of a {@code zfs send} or {@code zfs receive}, at a real pipe. */
final class MemoryChild implements Child {
  private static final int PIPE_BYTES = 64 * 1024;

  /** What the child does with its stdout. */
  interface Sending {
    /** Returns its exit code. */
    int run(OutputStream stdout) throws IOException;
  }

  /** What the child does with its stdin. */
  interface Receiving {
    /** Returns its exit code. */
    int run(InputStream stdin) throws IOException;
  }

  private interface Work {
    int run() throws IOException;
  }

  private final Direction direction;
  private final String command;
  private final Pipe pipe;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private volatile String stderr = "";

  private MemoryChild(Direction direction, String command, Pipe pipe, Work work) {
    this.direction = direction;
    this.command = command;
    this.pipe = pipe;
    // No virtual thread: reads of a pipe would keep its carrier.
    Thread.ofPlatform().daemon().name(command).start(() -> run(work));
  }

  static MemoryChild sending(String command, Sending work) {
    Pipe pipe = pipe(true);
    OutputStream stdout = open(() -> new FileOutputStream(opened(pipe)));
    pipe.closeChildEnd();
    return new MemoryChild(
        Direction.SENDING,
        command,
        pipe,
        () -> {
          try (stdout) {
            return work.run(stdout);
          }
        });
  }

  static MemoryChild receiving(String command, Receiving work) {
    Pipe pipe = pipe(false);
    InputStream stdin = open(() -> new FileInputStream(opened(pipe)));
    pipe.closeChildEnd();
    return new MemoryChild(
        Direction.RECEIVING,
        command,
        pipe,
        () -> {
          try (stdin) {
            return work.run(stdin);
          }
        });
  }

  private interface Opening<T> {
    T run() throws IOException;
  }

  private static <T> T open(Opening<T> opening) {
    try {
      return opening.run();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Pipe pipe(boolean isFromChild) {
    return open(() -> isFromChild ? Pipe.fromChild(PIPE_BYTES) : Pipe.toChild(PIPE_BYTES));
  }

  private static File opened(Pipe pipe) {
    return pipe.childEnd();
  }

  private void run(Work work) {
    int code;
    try {
      code = work.run();
    } catch (IOException e) {
      stderr = String.valueOf(e.getMessage());
      code = 1;
    }
    exit.complete(new Exit(code));
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public String command() {
    return command;
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public int takeDescriptor() {
    return pipe.take();
  }

  @Override
  public CompletionStage<Exit> exit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public String stderrTail() {
    return stderr;
  }

  /** Its pipe ends, and so does it. */
  @Override
  public void end() {}

  @Override
  public void close() {
    pipe.close();
  }
}
