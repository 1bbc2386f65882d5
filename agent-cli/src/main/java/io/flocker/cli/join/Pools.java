package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.json.JsonMappers;
import io.flocker.core.process.Programs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The pools of this machine, and the disks of which there could be one. One thread.
 *
 * @param zpool the program, by its name or its path
 * @param lsblk the same of who tells of disks
 */
public record Pools(String zpool, String lsblk) {
  private static final List<String> USED = List.of("children", "fstype", "mountpoint");

  /**
   * The pool for volumes.
   *
   * @param wanted the one that is asked for; the only one if null
   * @throws JoinException if it is not there, or nobody can say which it is
   */
  public String choose(@Nullable String wanted) throws JoinException, InterruptedException {
    List<String> pools = pools();
    if (wanted != null && pools.contains(wanted)) {
      return wanted;
    }
    if (pools.isEmpty() || wanted != null) {
      String pool = wanted == null ? "flocker" : wanted;
      List<String> disks = disks();
      throw new JoinException(
          "there is no pool%s%s. Make it of a disk that nothing else is on: 'zpool create %s DISK'%s"
              .formatted(
                  wanted == null ? " for volumes" : " " + wanted,
                  pools.isEmpty() ? "" : ", but " + String.join(", ", pools),
                  pool,
                  disks.isEmpty() ? "" : "; unused look " + String.join(", ", disks)));
    }
    if (pools.size() > 1) {
      throw new JoinException(
          "there are several pools, %s: say by --pool which is for volumes"
              .formatted(String.join(", ", pools)));
    }
    return pools.getFirst();
  }

  private List<String> pools() throws JoinException, InterruptedException {
    List<String> command = List.of(Programs.find(zpool).toString(), "list", "-H", "-o", "name");
    return said(command)
        .orElseThrow(() ->
            new JoinException(
                "'%s' does not answer: is ZFS installed, and its module loaded?"
                    .formatted(String.join(" ", command))))
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** Whole disks without partitions, a file system or a mount; none where nobody tells. */
  private List<String> disks() throws InterruptedException {
    Optional<String> told =
        said(
            List.of(
                Programs.find(lsblk).toString(),
                "--json",
                "--paths",
                "--output",
                "NAME,SIZE,TYPE,FSTYPE,MOUNTPOINT"));
    if (told.isEmpty()) {
      return List.of();
    }
    List<String> disks = new ArrayList<>();
    try {
      for (JsonNode device : JsonMappers.WIRE.readTree(told.get()).path("blockdevices")) {
        if (device.path("type").asString("").equals("disk")
            && USED.stream()
                .allMatch(use -> device.path(use).isMissingNode() || device.path(use).isNull())) {
          disks.add(
              device.path("name").asString("") + " (" + device.path("size").asString("") + ")");
        }
      }
    } catch (JacksonException _) {
      return List.of(); // Of an age in which it told otherwise.
    }
    return disks;
  }

  /** What a command says; empty if it fails, or is not there. */
  private static Optional<String> said(List<String> command) throws InterruptedException {
    try {
      Process child =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      child.getOutputStream().close();
      String said = new String(child.getInputStream().readAllBytes(), UTF_8);
      return child.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
