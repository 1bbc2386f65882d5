package io.flocker.core.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A mount whose server says nothing: a FUSE connection that is held open and never read. Whoever
 * asks it waits in the kernel until it is closed. Needs root.
 */
public final class HungMount implements AutoCloseable {
  private static final long END_SECONDS = 60;

  /** Mounts one at {@code $1}, and holds it until its stdin ends. */
  private static final String SERVER =
      """
      exec 3<>/dev/fuse
      mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung "$1" || exit
      echo mounted
      read _
      """;

  private final Process server;
  private final Path folder;

  private HungMount(Process server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  /** Mounts one, over what the folder holds; files of it that are open stay as they are. */
  public static HungMount at(Path folder) throws IOException {
    Process server =
        new ProcessBuilder("sh", "-c", SERVER, "sh", folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("mounted", server.inputReader().readLine());
    return new HungMount(server, folder);
  }

  /** Has the kernel answer whoever waits: that nobody serves it any more. Unmounts it. */
  @Override
  public void close() throws IOException {
    server.destroyForcibly();
    server.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).join();
    server.inputReader().close();
    List<String> unmount = List.of("umount", "-l", folder.toString());
    int status =
        new ProcessBuilder(unmount)
            .inheritIO()
            .start()
            .onExit()
            .orTimeout(END_SECONDS, TimeUnit.SECONDS)
            .join()
            .exitValue();
    assertEquals(0, status, () -> unmount + " fails");
  }
}
