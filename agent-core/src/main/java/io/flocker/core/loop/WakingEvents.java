package io.flocker.core.loop;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import java.util.Set;

/** Passes events on, and wakes a loop to which they may be of interest. */
public record WakingEvents(EventSink events, Waker waker) implements EventSink {
  private static final Set<String> FAMILIES = Set.of("volume", "peer");

  @Override
  public void tell(Event event) {
    events.tell(event);
    if (FAMILIES.contains(event.type().family())) {
      waker.wake();
    }
  }
}
