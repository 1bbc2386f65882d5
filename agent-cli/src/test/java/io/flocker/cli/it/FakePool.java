package io.flocker.cli.it;

import io.flocker.core.id.NodeId;
import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** A pool that is not there: the {@code zfs} of its node makes everything up. */
public final class FakePool {
  private static final String NAME = "fake";

  /** Beyond what the script gives to what it makes itself. */
  private static final long FIRST_GUID = 1L << 50;

  /** In 2026, in seconds since 1970. */
  private static final int FIRST_CREATION = 1_790_000_000;

  private FakePool() {}

  /**
   * Makes its programs.
   *
   * @param folder takes them, and all that they remember
   * @param settings how they behave; see {@code fake-zfs.pl}
   */
  public static TestPool create(Path folder, String settings) throws IOException {
    TestPool pool = new TestPool(NAME, folder, Files.createDirectory(folder.resolve("mounts")));
    Path script = file(pool, "fake-zfs.pl");
    try (InputStream source = FakePool.class.getResourceAsStream("fake-zfs.pl")) {
      Files.copy(Objects.requireNonNull(source), script);
    }
    Files.writeString(file(pool, "settings"), settings);
    Files.writeString(
        file(pool, "datasets"), NAME + "\tused\t0\t-\n" + NAME + "\tavailable\t1099511627776\t-\n");
    program(
        file(pool, "zfs"),
        """
        echo "$*" >> %2$s/calls
        exec perl %1$s %2$s "$@"\
        """
            .formatted(script, folder));
    program(
        file(pool, "zpool"),
        """
        case $1 in
          get) echo '%1$s  version  28  default'
            if grep -q resumes=1 %2$s; then
              echo '%1$s  feature@extensible_dataset  active  local'
            fi ;;
          list) echo ONLINE ;;
        esac\
        """
            .formatted(NAME, file(pool, "settings")));
    return pool;
  }

  /** Adds a dataset below another one. Nobody else may be at work on the pool. */
  static void addChild(TestPool pool, String dataset) throws IOException {
    String line = dataset + "/child\ttype\tfilesystem\t-\n";
    Files.writeString(file(pool, "datasets"), line, StandardOpenOption.APPEND);
  }

  /** Adds a sealed copy of a volume of another node. Nobody may be at work on the pool. */
  static void addReplica(TestPool pool, NodeId owner, String volume) throws IOException {
    String dataset = pool.dataset(owner + "." + volume);
    String lines =
        """
        type\tfilesystem\t-
        guid\t%d\t-
        used\t0\t-
        referenced\t0\t-
        refquota\t0\t-
        mounted\tno\t-
        mountpoint\tnone\tlocal
        readonly\ton\tlocal
        flocker:quota\t0\tlocal
        """
            .formatted(1 + volume.hashCode() & Integer.MAX_VALUE)
            .replaceAll("(?m)^", dataset + "\t");
    Files.writeString(file(pool, "datasets"), lines.strip() + "\n", StandardOpenOption.APPEND);
  }

  /**
   * Adds snapshots to a dataset, newer than all it has; in any pool the same by name and guid.
   * Nobody may be at work on the pool.
   */
  static void addSnapshots(TestPool pool, String dataset, int count) throws IOException {
    Path datasets = file(pool, "datasets");
    long others =
        Files.readAllLines(datasets).stream()
            .map(line -> line.substring(0, line.indexOf('\t')))
            .distinct()
            .count();
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      lines.append(
          """
          type\tsnapshot\t-
          guid\t%d\t-
          createtxg\t%d\t-
          creation\t%d\t-
          used\t0\t-
          referenced\t0\t-
          userrefs\t0\t-
          """
              .formatted(FIRST_GUID + i, others + i, FIRST_CREATION + i)
              .replaceAll("(?m)^(?=.)", dataset + "@hourly-" + i + "\t"));
    }
    Files.writeString(datasets, lines, StandardOpenOption.APPEND);
  }

  /** The arguments of every {@code zfs} so far, but for what {@link #freeze} answers. */
  static List<String> calls(TestPool pool) throws IOException {
    return Files.readAllLines(file(pool, "calls"));
  }

  /** Has all that is asked of it answered from now on as it is the next time: fast. */
  static void freeze(TestPool pool) throws IOException {
    Path answers = Files.createDirectory(file(pool, "frozen"));
    program(
        file(pool, "zfs"),
        """
        eval "last=\\${$#}"
        all="$*"
        answer="%1$s/${#all}.$2.$3.$4.${last##*/}"
        if [ "$1" = get ]; then
          if ! [ -e "$answer" ]; then
            perl %2$s %3$s "$@" > "$answer.$$" || exit
            mv "$answer.$$" "$answer"
          fi
          exec cat "$answer"
        fi
        exec perl %2$s %3$s "$@"\
        """
            .formatted(answers, file(pool, "fake-zfs.pl"), pool.folder()));
  }

  /**
   * Has whatever is mounted from now on be a mount that does not answer, until {@link #answer} or
   * for five minutes. Needs root.
   */
  static void hangMounts(TestPool pool) throws IOException {
    program(
        file(pool, "zfs"),
        """
        if [ "$1" = mount ]; then
          place=%3$s/${2#*.}
          (
            exec 3<>/dev/fuse
            mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung $place || exit
            n=0; until [ -e %2$s/answers ] || [ $n = 3000 ]; do sleep 0.1; n=$((n + 1)); done
            exec 3<&-
            umount -l $place
          ) < /dev/null > /dev/null 2>&1 &
          until grep -q " $place " /proc/self/mountinfo; do sleep 0.1; done
        fi
        exec perl %1$s %2$s "$@"\
        """
            .formatted(file(pool, "fake-zfs.pl"), pool.folder(), pool.mounts()));
  }

  /** Has the mounts that hang answer all who wait, and go; those of later are none. */
  static void answer(TestPool pool) throws IOException {
    Files.createFile(file(pool, "answers"));
    program(
        file(pool, "zfs"),
        "exec perl %1$s %2$s \"$@\"".formatted(file(pool, "fake-zfs.pl"), pool.folder()));
  }

  /** The line of {@code flockerd.yml} that names its programs. */
  public static String programs(TestPool pool) {
    return "zfs: { zfs: %s, zpool: %s }".formatted(file(pool, "zfs"), file(pool, "zpool"));
  }

  private static Path file(TestPool pool, String name) {
    return pool.folder().resolve(name);
  }

  private static void program(Path file, String command) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, "#!/bin/sh\n" + command + "\n");
    if (!draft.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
