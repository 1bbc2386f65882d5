package io.flocker.core.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;

/**
 * What a child is given to read; nothing at all where it is empty.
 *
 * @param text written on a thread of its own: the child may read late, or never
 */
record Stdin(String text) {
  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

  /** Where the child reads. */
  Redirect source() {
    return text.isEmpty() ? NOTHING : Redirect.PIPE;
  }

  /** Starts to write to a child that was started with {@link #source}. */
  void writeTo(Process process) {
    if (!text.isEmpty()) {
      OutputStream stdin = process.getOutputStream();
      Thread.ofVirtual().name("stdin").start(() -> write(stdin));
    }
  }

  private void write(OutputStream stdin) {
    try (stdin) {
      stdin.write(text.getBytes(UTF_8));
    } catch (IOException _) {
      // The child ended before it had read all; its exit status says why.
    }
  }
}
