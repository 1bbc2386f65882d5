package io.flocker.core.deploy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What an application may take of its node.
 *
 * @param memoryBytes at least 1; empty for no limit
 * @param cpuShares relative weight, at least 1, where 1024 is usual; empty for the engine's default
 * @param milliCpus thousandths of a processor, at least 1; empty for no limit
 * @param ulimits by name, such as {@code nofile}
 */
public record Limits(
    OptionalLong memoryBytes,
    OptionalInt cpuShares,
    OptionalInt milliCpus,
    SortedMap<String, Ulimit> ulimits) {
  /** No limit. */
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty(), Copies.sorted(Map.of()));

  public Limits {
    memoryBytes.ifPresent(bytes -> Copies.atLeast(1, bytes, "a memory limit"));
    cpuShares.ifPresent(shares -> Copies.atLeast(1, shares, "a number of CPU shares"));
    milliCpus.ifPresent(cpus -> Copies.atLeast(1, cpus, "a number of thousandths of a CPU"));
    ulimits = Copies.sorted(ulimits);
  }

  /**
   * A limit of setrlimit(2).
   *
   * @param soft what counts; -1 is none
   * @param hard how far a process may raise it; -1 is none
   */
  public record Ulimit(long soft, long hard) {
    /** What stands for no limit. */
    public static final long UNLIMITED = -1;

    public Ulimit {
      Copies.atLeast(UNLIMITED, soft, "a soft limit");
      Copies.atLeast(UNLIMITED, hard, "a hard limit");
      if (hard != UNLIMITED && (soft == UNLIMITED || soft > hard)) {
        throw new IllegalArgumentException(
            "a soft limit is at most the hard one: " + soft + " is above " + hard);
      }
    }
  }
}
