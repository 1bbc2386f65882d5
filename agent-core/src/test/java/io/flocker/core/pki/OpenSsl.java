package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The machine's own {@code openssl}: a second opinion on what the authority makes. */
final class OpenSsl {
  /** What one run printed on both its outputs, and its exit status. */
  record Answer(int status, String text) {}

  private static final long PATIENCE_SECONDS = 60;

  private OpenSsl() {}

  /** Runs {@code openssl} with nothing to read and waits for its end. */
  static Answer run(Path folder, String... arguments) throws IOException, InterruptedException {
    return run(folder, new byte[0], List.of(arguments));
  }

  /** Runs {@code openssl} with {@code input} to read and waits for its end. */
  static Answer run(Path folder, byte[] input, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = Stream.concat(Stream.of("openssl"), arguments.stream()).toList();
    Process openssl =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      try (OutputStream stdin = openssl.getOutputStream()) {
        stdin.write(input);
      }
      String text = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(openssl.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "openssl does not end");
      return new Answer(openssl.exitValue(), text);
    } finally {
      openssl.destroyForcibly();
    }
  }
}
