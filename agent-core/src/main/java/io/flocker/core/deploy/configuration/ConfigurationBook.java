package io.flocker.core.deploy.configuration;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What this node was told last of the cluster's wish. Any thread may call. */
public final class ConfigurationBook {
  private final ConfigurationStore store;
  private final EventSink events;
  private final InstantSource clock;
  private volatile Configuration current;
  private volatile Runnable listener = () -> {};

  /** What a caller demands of the configuration that it wants to replace. */
  @FunctionalInterface
  public interface Condition {
    /** Demands nothing. */
    Condition NONE = _ -> {};

    /**
     * Looks at the configuration as it is.
     *
     * @throws FailureException {@code PRECONDITION_FAILED}
     */
    void check(Configuration present) throws FailureException;

    /** Whether what it lets pass is one configuration and no other. */
    default boolean namesPresent() {
      return false;
    }
  }

  private ConfigurationBook(
      ConfigurationStore store, EventSink events, InstantSource clock, Configuration current) {
    this.store = store;
    this.events = events;
    this.clock = clock;
    this.current = current;
  }

  /**
   * Opens it where the daemon before has left it.
   *
   * @param events is told what is accepted
   */
  public static ConfigurationBook open(
      ConfigurationStore store, EventSink events, InstantSource clock) throws FailureException {
    return new ConfigurationBook(store, events, clock, store.read());
  }

  /** What counts now; waits for no disk. */
  public Configuration current() {
    return current;
  }

  /**
   * Has {@code wakened} called whenever another configuration counts; it waits for nothing. One
   * listener, which the next one replaces.
   */
  public void onChange(Runnable wakened) {
    listener = wakened;
  }

  /**
   * What the configuration would be; changes nothing.
   *
   * @param generation the wish's number; empty for the one after the present
   * @param condition one that names the present configuration lets its number go far, also down
   * @throws FailureException {@code STALE_GENERATION} if a later wish is known here, or another one
   *     of that number; {@code GENERATION_BEYOND_REACH} if it is too far ahead; whatever {@code
   *     condition} throws
   */
  public Configuration next(OptionalLong generation, Deployment wish, Condition condition)
      throws FailureException {
    Configuration present = current;
    condition.check(present);
    boolean isSame = present.isThere() && wish.equals(present.deployment());
    long next = generation.orElse(isSame ? present.generation() : present.generation() + 1);
    if (next == present.generation() && isSame) {
      return present;
    }
    Optional<FailureException> objection =
        Generations.objection(present.generation(), next, condition.namesPresent());
    if (objection.isPresent()) {
      throw objection.get();
    }
    return new Configuration(
        next, Optional.of(clock.instant().truncatedTo(ChronoUnit.MILLIS)), wish);
  }

  /**
   * Replaces the configuration; on disk when this returns, and untouched after any failure. The
   * same wish under the same generation is no change.
   *
   * @throws FailureException as {@link #next}, and {@code STATE_UNAVAILABLE}
   */
  public synchronized Configuration put(
      OptionalLong generation, Deployment wish, Condition condition, Principal by)
      throws FailureException {
    Configuration next = next(generation, wish, condition);
    if (next.equals(current)) {
      return next;
    }
    store.write(next);
    current = next;
    Map<String, Object> members =
        Map.of(
            "generation", next.generation(),
            "applications", wish.applications().size(),
            "by", by.name());
    Action.message(MessageType.CONFIGURATION_ACCEPTED, members);
    events.tell(Event.of(EventType.CONFIGURATION_ACCEPTED, members));
    listener.run();
    return next;
  }
}
