package io.flocker.http.api;

import io.flocker.core.id.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The kernel's id of this boot of the host: what a node said before another one may be forgotten.
 */
public record BootId(UUID value) {
  /** Fresh at every boot (random(4)). */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /**
   * The boot id of the host that this runs on.
   *
   * @throws IOException on a system without a Linux {@code /proc}
   */
  public static BootId current() throws IOException {
    return new BootId(Uuids.parse("boot id", Files.readString(BOOT_ID).strip()));
  }
}
