package io.flocker.http.api;

import io.flocker.core.id.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The time between two boots of the host: what a node said in another era may be forgotten. */
public record Era(UUID bootId) {
  /** Fresh at every boot (random(4)). */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /**
   * The era of the host that this runs on.
   *
   * @throws IOException on a system without a Linux {@code /proc}
   */
  public static Era current() throws IOException {
    return new Era(Uuids.parse("boot id", Files.readString(BOOT_ID).strip()));
  }
}
