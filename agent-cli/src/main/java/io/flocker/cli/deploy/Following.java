package io.flocker.cli.deploy;

import io.flocker.http.client.FlockerClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Follows nodes to what was wished of them, or to where nothing moves any more. One thread. */
public final class Following {
  /** Between two looks. */
  private static final Duration PACE = Duration.ofMillis(500);

  private final long generation;
  private final List<ClusterNode> nodes;
  private final Duration patience;
  private final InstantSource clock;
  private Set<String> reached = Set.of();
  private Instant moved;

  /** How it has ended. */
  public enum End {
    /** All is as wished. */
    AS_WISHED,
    /** Something is not, and nothing moves. */
    STUCK,
    /** Somebody has told a later wish. */
    OVERTAKEN
  }

  /** Is shown how far they are. */
  @FunctionalInterface
  public interface Watcher {
    /** Shows it. */
    void show(Outlook outlook);
  }

  /**
   * Follows {@code nodes}, which were told the wish of that generation.
   *
   * @param patience how long nothing may move
   */
  public Following(
      long generation, Collection<ClusterNode> nodes, Duration patience, InstantSource clock) {
    this.generation = generation;
    this.nodes = List.copyOf(nodes);
    this.patience = patience;
    this.clock = clock;
    this.moved = clock.instant();
  }

  /** Follows them to the end; blocks for as long as something moves. */
  public Ended follow(Watcher watcher) throws InterruptedException {
    while (true) {
      Outlook outlook = new Outlook(generation, Cluster.ask(nodes, FlockerClient::convergence));
      watcher.show(outlook);
      if (outlook.isOvertaken()) {
        return new Ended(End.OVERTAKEN, outlook);
      }
      if (outlook.isAsWished()) {
        return new Ended(End.AS_WISHED, outlook);
      }
      if (isStuck(outlook)) {
        return new Ended(End.STUCK, outlook);
      }
      Thread.sleep(PACE);
    }
  }

  private boolean isStuck(Outlook outlook) {
    Set<String> now = outlook.reached();
    if (outlook.isMoving() || !now.equals(reached)) {
      moved = clock.instant();
      reached = now;
    }
    return Duration.between(moved, clock.instant()).compareTo(patience) > 0;
  }

  /**
   * Where it has ended.
   *
   * @param last what the nodes said then
   */
  public record Ended(End end, Outlook last) {}
}
