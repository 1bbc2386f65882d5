package io.flocker.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The options of the Java that runs {@code flockerd}, as its start script has them. */
public final class DaemonOptions {
  private static final Path SCRIPT = Path.of("agent-cli/src/main/dist/lib/daemon.sh");

  private DaemonOptions() {}

  /** All of them; among them how large its heap is. */
  public static List<String> read() throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", ". \"$1\"; printf '%s\\n' $daemon_options", "sh", script())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
  }

  /** Tests run in the folder of their module, or in that of the project. */
  private static String script() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve(SCRIPT))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IOException("there is no " + SCRIPT + " above " + Path.of("").toAbsolutePath());
    }
    return folder.resolve(SCRIPT).toString();
  }
}
