package io.flocker.http.server;

import io.netty.channel.Channel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of callers who are known: bounded, and half of them for one caller. Beyond a
 * bound the caller with the most connections loses the one that has been idle the longest, so that
 * nobody shuts out others by connections on which nothing happens. Any thread may call.
 */
final class CallerConnections {
  private final int most;
  private final int share;
  private final Map<String, Set<Place>> byCaller = new HashMap<>();
  private int count;

  /**
   * None yet.
   *
   * @param most at once
   */
  CallerConnections(int most) {
    this.most = most;
    this.share = Math.ceilDiv(most, 2);
  }

  /** A place for a caller's connection; empty where there is none and nobody idle makes way. */
  Optional<Place> take(String caller, Channel channel) {
    Place place = new Place(caller, channel);
    Place evicted;
    synchronized (this) {
      Set<Place> candidates = candidates(caller);
      evicted = candidates == null ? null : longestIdle(candidates);
      if (candidates != null && evicted == null) {
        return Optional.empty();
      }
      if (evicted != null) {
        leave(evicted);
      }
      byCaller.computeIfAbsent(caller, _ -> new HashSet<>()).add(place);
      count++;
    }
    channel.closeFuture().addListener(_ -> leave(place));
    if (evicted != null) {
      evicted.channel.pipeline().fireUserEventTriggered(Ending.MAKES_WAY);
    }
    return Optional.of(place);
  }

  /**
   * The connections of which one has to close before {@code caller} gets another; null if there is
   * room.
   */
  private @Nullable Set<Place> candidates(String caller) {
    Set<Place> own = byCaller.getOrDefault(caller, Set.of());
    if (own.size() >= share) {
      return own;
    }
    return count < most
        ? null
        : byCaller.values().stream().max(Comparator.comparingInt(Set::size)).orElseThrow();
  }

  private static @Nullable Place longestIdle(Set<Place> places) {
    long now = System.nanoTime();
    Place longest = null;
    for (Place place : places) {
      if (place.isIdle
          && (longest == null || now - place.idleSinceNanos > now - longest.idleSinceNanos)) {
        longest = place;
      }
    }
    return longest;
  }

  private synchronized void leave(Place place) {
    Set<Place> own = byCaller.get(place.caller);
    if (own != null && own.remove(place)) {
      count--;
      if (own.isEmpty()) {
        byCaller.remove(place.caller);
      }
    }
  }

  /** One connection among those of its caller; idle at first. */
  static final class Place {
    private final String caller;
    private final Channel channel;
    private volatile long idleSinceNanos = System.nanoTime();
    private volatile boolean isIdle = true;

    private Place(String caller, Channel channel) {
      this.caller = caller;
      this.channel = channel;
    }

    /** A request is here. */
    void work() {
      isIdle = false;
    }

    /** The response is out. */
    void rest() {
      idleSinceNanos = System.nanoTime();
      isIdle = true;
    }
  }
}
