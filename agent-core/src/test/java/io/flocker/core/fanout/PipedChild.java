package io.flocker.core.fanout;

import io.flocker.core.os.Descriptors;
import io.flocker.core.os.Pipe;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A child that is the test itself, at a real pipe. */
final class PipedChild implements Child {
  private final Pipe pipe;
  final OutputStream stdout;
  final CompletableFuture<Exit> exit = new CompletableFuture<>();
  final CompletableFuture<Void> closed = new CompletableFuture<>();

  PipedChild() throws IOException {
    pipe = Pipe.fromChild(1 << 16);
    stdout = new FileOutputStream(pipe.childEnd());
    pipe.closeChildEnd();
  }

  /** What a share has in its pipe, to be read by a thread that may wait. */
  static InputStream open(Child share) throws IOException {
    int descriptor = share.takeDescriptor();
    InputStream bytes =
        new FileInputStream("/proc/self/fd/" + descriptor); // Opened anew: it blocks.
    Descriptors.close(descriptor);
    return bytes;
  }

  @Override
  public Direction direction() {
    return Direction.SENDING;
  }

  @Override
  public String command() {
    return "zfs send";
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
    return "";
  }

  @Override
  public void end() {}

  @Override
  public void close() {
    pipe.close();
    closed.complete(null);
  }
}
