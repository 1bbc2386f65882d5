package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;

/** A folder that a mount hides which does not answer, until this is closed. Needs root. */
final class HungFolder implements AutoCloseable {
  private final Process server;

  private HungFolder(Process server) {
    this.server = server;
  }

  /** Hides it from all who look for it from now on; files that are open stay as they are. */
  static HungFolder over(Path folder) throws IOException {
    Process server =
        new ProcessBuilder(
                "sh",
                "-c",
                """
                exec 3<>/dev/fuse
                mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung "$0" || exit
                echo mounted
                read -r end
                exec 3<&-
                umount -lic "$0"
                """,
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("mounted", server.inputReader().readLine());
    return new HungFolder(server);
  }

  /** Has it answer all who wait with an error, and shows the folder again. */
  @Override
  public void close() throws IOException, InterruptedException {
    server.outputWriter().close();
    assertEquals(0, server.waitFor());
  }
}
