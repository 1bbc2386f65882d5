package io.flocker.core.event;

/**
 * Where it is told what happens. Any thread may call, event loops too: it never waits or throws.
 */
@FunctionalInterface
public interface EventSink {
  /** Tells nobody. */
  EventSink NONE = _ -> {};

  /** Tells that something has happened; what was told first comes first. */
  void tell(Event event);
}
