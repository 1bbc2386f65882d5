package io.flocker.cli.deploy;

import io.flocker.core.transfer.TransferDirection;
import io.flocker.http.api.TransferDocument;
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

  /** Between two looks at what comes in, which cost a node more. */
  private static final Duration SIGNS = Duration.ofSeconds(10);

  private final long generation;
  private final List<ClusterNode> nodes;
  private final StandstillLimits patience;
  private final Watcher watcher;
  private final InstantSource clock;
  private final Duration pace;
  private Set<String> reached = Set.of();
  private List<TransferDocument> incoming = List.of();
  private Instant nextSigns;
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
   * @param watcher is shown each look
   */
  public Following(
      long generation,
      Collection<ClusterNode> nodes,
      StandstillLimits patience,
      Watcher watcher,
      InstantSource clock) {
    this(generation, nodes, patience, watcher, clock, PACE);
  }

  Following(
      long generation,
      Collection<ClusterNode> nodes,
      StandstillLimits patience,
      Watcher watcher,
      InstantSource clock,
      Duration pace) {
    this.pace = pace;
    this.generation = generation;
    this.nodes = List.copyOf(nodes);
    this.patience = patience;
    this.watcher = watcher;
    this.clock = clock;
    this.moved = clock.instant();
    this.nextSigns = moved.plus(SIGNS);
  }

  /** Follows them to the end; blocks for as long as something moves. */
  public Ended follow() throws InterruptedException {
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
      Thread.sleep(pace);
    }
  }

  private boolean isStuck(Outlook outlook) throws InterruptedException {
    Set<String> now = outlook.reached();
    if (outlook.isMoving() || !now.equals(reached) || hasSigns(outlook)) {
      moved = clock.instant();
      reached = now;
    }
    return Duration.between(moved, clock.instant()).compareTo(patience.as(outlook)) > 0;
  }

  /** What is waited for may be coming in meanwhile: its stream is a sign that another node acts. */
  private boolean hasSigns(Outlook outlook) throws InterruptedException {
    Instant now = clock.instant();
    if (now.isBefore(nextSigns) || !outlook.isOnlyWaiting()) {
      return false;
    }
    nextSigns = now.plus(SIGNS);
    List<TransferDocument> before = incoming;
    incoming =
        Cluster.ask(nodes, FlockerClient::transfers).values().stream()
            .flatMap(answer -> answer.given().stream())
            .flatMap(List::stream)
            .filter(stream -> stream.direction() == TransferDirection.IN)
            .toList();
    return !incoming.isEmpty() && !incoming.equals(before);
  }

  /**
   * Where it has ended.
   *
   * @param last what the nodes said then
   */
  public record Ended(End end, Outlook last) {}
}
