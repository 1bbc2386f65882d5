package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Two pools on files: one with a dataset to send, one for what is received. Each stream goes into a
 * dataset of its own.
 */
final class Pools implements Loads {
  /** The snapshot that is sent. */
  static final String SNAPSHOT = "flockerd-bench-a/source@sent";

  /** Below it everything that was received. */
  static final String TARGET = "flockerd-bench-b/received";

  private static final String SENDING = "flockerd-bench-a";
  private static final String RECEIVING = "flockerd-bench-b";
  private static final long MIB = 1 << 20;

  private static final long ROW_BYTES = 31;

  /** A pool wants room beside the data. */
  private static final long SPARE = 512 * MIB;

  private final Path folder;
  private final Load load;

  private Pools(Path folder, Load load) {
    this.folder = folder;
    this.load = load;
  }

  /**
   * Makes them.
   *
   * @param folder where their files are; a new one
   * @param bytes how much the dataset holds
   * @param streams how many times the snapshot is sent at once
   * @throws IOException if there is no ZFS that answers; see {@code init/with-zfs}
   */
  static Pools create(Path folder, long bytes, int streams) throws IOException {
    Files.createDirectory(folder);
    try {
      create(SENDING, folder, bytes);
      create(RECEIVING, folder, bytes * streams);
      return new Pools(folder, filled(folder, bytes, streams));
    } catch (IOException e) {
      destroy(folder);
      throw e;
    }
  }

  @Override
  public Load next() throws IOException {
    run("zfs list -H -r -o name %s | tail -n +2 | xargs -r -n 1 zfs destroy -r".formatted(TARGET));
    return load;
  }

  @Override
  public void close() throws IOException {
    destroy(folder);
  }

  private static Load filled(Path folder, long bytes, int streams) throws IOException {
    Path source = folder.resolve("source");
    run("zfs create -o mountpoint=%s -o compression=off %s/source".formatted(source, SENDING));
    run("zfs create -o mountpoint=none -o canmount=off %s".formatted(TARGET));
    // What cannot be made smaller, and what can, in files of two sizes.
    run(
        "cd '%s' && head -c %d /dev/urandom | split -b 7340033 - random. && sync"
            .formatted(source, bytes / 2));
    run(
        "cd '%s' && seq -f 'row %%015.0f of a table' %d | split -b 1048577 - text. && sync"
            .formatted(source, bytes / 2 / ROW_BYTES));
    run("zfs snapshot %s".formatted(SNAPSHOT));
    long streamBytes = Long.parseLong(run("zfs send %s | wc -c".formatted(SNAPSHOT)).strip());
    Path receive = folder.resolve("receive");
    Files.writeString(
        receive,
        "#!/bin/sh\nzfs receive -u %s/$$ && echo '%d bytes received' >&2\n"
            .formatted(TARGET, streamBytes));
    Files.setPosixFilePermissions(receive, PosixFilePermissions.fromString("rwx------"));
    return new Load(
        streamBytes, streams, List.of("zfs", "send", SNAPSHOT), List.of(receive.toString()));
  }

  private static void create(String pool, Path folder, long bytes) throws IOException {
    run("truncate -s %d '%s/%s'".formatted(bytes + SPARE, folder, pool));
    run(
        "zpool create -o cachefile=none -m '%1$s/mounts/%2$s' %2$s '%1$s/%2$s'"
            .formatted(folder, pool));
  }

  private static void destroy(Path folder) throws IOException {
    run(
        "for pool in %s %s; do ! zpool list $pool >/dev/null 2>&1 || zpool destroy -f $pool; done"
            .formatted(SENDING, RECEIVING));
    run("rm -rf '%s'".formatted(folder));
  }

  private static String run(String command) throws IOException {
    String line = "set -o pipefail; " + command;
    Process process = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(line + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return said;
  }
}
