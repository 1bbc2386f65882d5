package io.flocker.cli.setup;

import io.flocker.cli.doctor.LocalZfs;
import io.flocker.core.config.Setting;
import io.flocker.core.failure.FailureException;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.process.Output;
import io.flocker.core.process.Programs;
import io.flocker.core.volume.NodeMark;
import io.flocker.zfs.command.ZfsTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The pools of this machine, and the disks of which there could be one. One thread.
 *
 * @param zfs who tells of pools
 * @param lsblk the program that tells of disks, by its name or its path
 */
public record Pools(LocalZfs zfs, String lsblk) {
  private static final List<String> LIST_DISKS =
      List.of("--json", "--paths", "--output", "NAME,SIZE,TYPE,FSTYPE,MOUNTPOINT");

  private static final List<String> USED = List.of("children", "fstype", "mountpoint");

  /** For a look at all disks, of which one may be slow. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** As zfs(8) prints a property that nobody has set. */
  private static final String NOTHING = "-";

  /**
   * The pool for volumes, which is no node's yet.
   *
   * @param wanted the one that is asked for, and where; the only one if null
   * @throws SetupException if it is not there, is a node's, or nobody can say which it is
   */
  public String choose(@Nullable Setting wanted) throws SetupException {
    String pool = imported(wanted);
    Optional<String> node = said(() -> nodeOf(zfs.zfs(), pool));
    if (node.isPresent()) {
      throw new SetupException(
          "the pool %1$s is that of node %2$s, and no new one's: 'flocker-ca bundle --uuid %2$s HOST', where the authority of its cluster is, makes this machine that node again (OPERATIONS.md), and --pool takes another one"
              .formatted(pool, node.get()));
    }
    return pool;
  }

  /** The node whose pool it is; empty if it is nobody's. */
  public static Optional<String> nodeOf(ZfsTool zfs, String pool) throws FailureException {
    return Optional.of(zfs.run("get", "-H", "-o", "value", NodeMark.PROPERTY, pool).strip())
        .filter(node -> !node.equals(NOTHING));
  }

  private String imported(@Nullable Setting wanted) throws SetupException {
    List<String> pools =
        said(() -> zfs.zpool().run("list", "-H", "-o", "name"))
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    if (wanted != null && pools.contains(wanted.value())) {
      return wanted.value();
    }
    if (pools.isEmpty() || wanted != null) {
      List<String> disks = disks();
      throw new SetupException(
          "there is no pool %s%s. %s it of a disk that nothing else is on: 'zpool create %s DISK'%s"
              .formatted(
                  wanted == null
                      ? "for volumes"
                      : "%s, which %s names".formatted(wanted.value(), wanted.from()),
                  pools.isEmpty() ? "" : ", but " + String.join(", ", pools),
                  wanted == null ? "Make" : "Import it, or make",
                  wanted == null ? "flocker" : wanted.value(),
                  disks.isEmpty() ? "" : "; unused look " + String.join(", ", disks)));
    }
    if (pools.size() > 1) {
      throw new SetupException(
          "there are several pools, %s: say by --pool which is for volumes"
              .formatted(String.join(", ", pools)));
    }
    return pools.getFirst();
  }

  /** What ZFS is asked. */
  private interface Question<T> {
    T ask() throws FailureException;
  }

  /** Asks, by the deadline that ZFS has here: a pool that is suspended never answers. */
  private static <T> T said(Question<T> question) throws SetupException {
    try {
      return question.ask();
    } catch (FailureException e) {
      throw new SetupException(
          "ZFS does not tell of its pools: %s. Is it installed, and its module loaded?"
              .formatted(e.detail()),
          e);
    }
  }

  /** Whole disks without partitions, a file system or a mount; none where nobody tells. */
  private List<String> disks() {
    Output told;
    try {
      told = new LocalProgram(Programs.find(lsblk), DEADLINE).run(LIST_DISKS);
    } catch (FailureException _) {
      return List.of();
    }
    if (!told.isSuccess()) {
      return List.of();
    }
    List<String> disks = new ArrayList<>();
    try {
      for (JsonNode device : JsonMappers.WIRE.readTree(told.stdout()).path("blockdevices")) {
        if (device.path("type").asString("").equals("disk")
            && USED.stream()
                .allMatch(use -> device.path(use).isMissingNode() || device.path(use).isNull())) {
          disks.add(
              device.path("name").asString("") + " (" + device.path("size").asString("") + ")");
        }
      }
    } catch (JacksonException _) {
      return List.of(); // An lsblk so old that it prints something else.
    }
    return disks;
  }
}
