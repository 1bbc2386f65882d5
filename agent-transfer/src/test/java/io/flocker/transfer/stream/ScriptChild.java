package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.os.Pipe;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A shell script at one end of a pipe. */
final class ScriptChild implements Child {
  private static final int STDERR_BYTES = 32 * 1024;
  private static final int SMALL_PIPE_BYTES = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Direction direction;
  private final String script;
  private final Process process;
  private final Pipe pipe;
  private final Path stderr;

  private ScriptChild(Direction direction, String script, Process process, Pipe pipe, Path stderr) {
    this.direction = direction;
    this.script = script;
    this.process = process;
    this.pipe = pipe;
    this.stderr = stderr;
  }

  /** A script whose stdout is the stream. */
  static ScriptChild sending(String script) throws FailureException {
    try {
      Pipe pipe = Pipe.fromChild(SMALL_PIPE_BYTES);
      ProcessBuilder builder = new ProcessBuilder().redirectOutput(pipe.asStdout());
      return start(Direction.SENDING, script, builder, pipe);
    } catch (IOException e) {
      throw StorageFailure.ZFS_UNAVAILABLE.because(script + ": " + e.getMessage());
    }
  }

  /** A script that reads the stream from its stdin. */
  static ScriptChild receiving(String script) throws FailureException {
    try {
      Pipe pipe = Pipe.toChild(SMALL_PIPE_BYTES);
      ProcessBuilder builder = new ProcessBuilder().redirectInput(pipe.asStdin());
      return start(Direction.RECEIVING, script, builder, pipe);
    } catch (IOException e) {
      throw StorageFailure.ZFS_UNAVAILABLE.because(script + ": " + e.getMessage());
    }
  }

  private static ScriptChild start(
      Direction direction, String script, ProcessBuilder builder, Pipe pipe) throws IOException {
    Path stderr = Files.createTempFile("script", ".stderr");
    stderr.toFile().deleteOnExit();
    Redirect errors = Redirect.to(stderr.toFile());
    Process process = builder.command("/bin/sh", "-c", script).redirectError(errors).start();
    pipe.closeChildEnd();
    return new ScriptChild(direction, script, process, pipe, stderr);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public String command() {
    return script;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public int takeDescriptor() {
    return pipe.take();
  }

  @Override
  public CompletionStage<Exit> exit() {
    return process.onExit().thenApply(ended -> new Exit(ended.exitValue()));
  }

  @Override
  public String stderrTail() {
    try {
      byte[] all = Files.readAllBytes(stderr);
      int kept = Math.min(all.length, STDERR_BYTES);
      return new String(all, all.length - kept, kept, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end() {
    process.destroy();
  }

  @Override
  public void close() {
    pipe.close();
    end();
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
