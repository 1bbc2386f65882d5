package io.flocker.core.fanout;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.stream.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Peers that are sent to at the same time. Those that need the same stream next wait for each other
 * and share one child; in all else each goes its own way. Any thread may call; {@link #start}
 * blocks.
 */
public final class FanOut {
  /** Starts the child of a stream. */
  @FunctionalInterface
  public interface Source {
    Child start() throws FailureException;
  }

  private static final int SHARE_OF_LAG = 4;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Those that wait for one stream. Under the monitor of the fan-out. */
  private static final class Gathering {
    final Map<NodeId, Consumer<FailureException>> joined = new LinkedHashMap<>();
    final CompletableFuture<Map<NodeId, Child>> children = new CompletableFuture<>();
    boolean isClosed;
  }

  private final Duration patience;

  /** What each one needs still, empty until it has said so; without those that have left. */
  private final Map<NodeId, Optional<List<?>>> members = new HashMap<>();

  private final Map<Object, Gathering> gatherings = new HashMap<>();

  /**
   * Peers that may share.
   *
   * @param patience how long they wait for one of them: until it has joined, and while it takes
   *     nothing
   */
  public FanOut(Collection<NodeId> peers, Duration patience) {
    this.patience = patience;
    peers.forEach(peer -> members.put(peer, Optional.empty()));
  }

  /** Somebody who shares with nobody. */
  public static FanOut alone() {
    return new FanOut(Set.of(), Duration.ZERO);
  }

  /** How long copies may hold up each other that may be so far behind. */
  public static Duration patience(Duration maxLag) {
    Duration share = maxLag.dividedBy(SHARE_OF_LAG);
    return share.compareTo(LONGEST) < 0 ? share : LONGEST;
  }

  /**
   * Says which streams a peer needs, so that nobody waits for it in vain.
   *
   * @param streams in order; each equal to that of another peer exactly if one child can make both
   */
  public synchronized void needs(NodeId peer, List<?> streams) {
    if (members.replace(peer, Optional.of(List.copyOf(streams))) != null) {
      notifyAll();
    }
  }

  /** A peer takes no further part; nobody waits for it any more. */
  public synchronized void leave(NodeId peer) {
    if (members.remove(peer) != null) {
      notifyAll();
    }
  }

  /**
   * Starts the stream of a peer, or gives it a share of one that others need as well.
   *
   * @param stream the next one of those that it has said it needs
   * @param pipeBytes wanted capacity of the pipe that it is read from, where it is shared
   * @param onLoss is told why this peer gets no more of a shared stream; does not block
   * @return whoever called ends it
   */
  public Child start(
      NodeId peer, Object stream, int pipeBytes, Source source, Consumer<FailureException> onLoss)
      throws FailureException {
    Gathering gathering;
    boolean isFirst;
    synchronized (this) {
      if (!begins(peer, stream)) {
        return source.start();
      }
      gathering = gatherings.computeIfAbsent(stream, _ -> new Gathering());
      if (gathering.isClosed) {
        return source.start();
      }
      gathering.joined.put(peer, onLoss);
      notifyAll();
      isFirst = gathering.joined.size() == 1;
      if (isFirst) {
        await(stream, gathering);
      }
    }
    if (isFirst) {
      begin(gathering, pipeBytes, source);
    }
    return child(gathering, peer);
  }

  /** Until all have come that may, or the patience is at its end. */
  private void await(Object stream, Gathering gathering) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (mayCome(stream, gathering)) {
        long leftNanos = deadline - System.nanoTime();
        if (leftNanos <= 0) {
          break;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      gathering.isClosed = true;
    }
  }

  private boolean mayCome(Object stream, Gathering gathering) {
    return members.entrySet().stream()
        .filter(member -> !gathering.joined.containsKey(member.getKey()))
        .anyMatch(member -> member.getValue().map(needed -> needed.contains(stream)).orElse(true));
  }

  /** Strikes a stream, and those before it; false where it was not said to be needed. */
  private boolean begins(NodeId peer, Object stream) {
    List<?> needed = members.getOrDefault(peer, Optional.empty()).orElse(List.of());
    int place = needed.indexOf(stream);
    if (place < 0) {
      return false;
    }
    members.put(peer, Optional.of(needed.subList(place + 1, needed.size())));
    notifyAll();
    return true;
  }

  /** Outside of the monitor: to start a child takes a while. */
  private void begin(Gathering gathering, int pipeBytes, Source source) {
    try {
      Child child = source.start();
      List<NodeId> peers = new ArrayList<>(gathering.joined.keySet());
      List<Child> children =
          peers.size() == 1
              ? List.of(child)
              : SharedChild.share(
                  child, pipeBytes, patience, List.copyOf(gathering.joined.values()));
      Map<NodeId, Child> byPeer = new HashMap<>();
      for (int i = 0; i < peers.size(); i++) {
        byPeer.put(peers.get(i), children.get(i));
      }
      gathering.children.complete(byPeer);
    } catch (FailureException | RuntimeException | Error e) {
      gathering.children.completeExceptionally(e);
    }
  }

  private static Child child(Gathering gathering, NodeId peer) throws FailureException {
    try {
      Child child = gathering.children.join().get(peer);
      if (child == null) {
        throw new IllegalStateException("no share for " + peer);
      }
      return child;
    } catch (CompletionException e) {
      if (e.getCause() instanceof FailureException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
