package io.flocker.core.operation;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.identity.Principal;
import java.util.Map;

/** Tells each operation's owner, and nobody else, how it goes. Any thread. */
public record OperationEvents(EventSink events) implements OperationObserver {
  @Override
  public void changed(Moment moment, Principal owner, OperationView operation) {
    Event event =
        Event.of(type(moment), operation.volume(), Map.of("operation", operation)).onlyFor(owner);
    events.tell(event);
  }

  private static EventType type(Moment moment) {
    return switch (moment) {
      case STARTED -> EventType.OPERATION_STARTED;
      case PHASE -> EventType.OPERATION_PHASE;
      case PROGRESS -> EventType.OPERATION_PROGRESS;
      case ENDED -> EventType.OPERATION_ENDED;
    };
  }
}
