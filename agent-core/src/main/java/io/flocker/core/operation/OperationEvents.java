package io.flocker.core.operation;

import io.flocker.core.event.Audience;
import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.identity.Principal;
import java.util.Map;

/** Tells those who may see an operation, and nobody else, how it goes. Any thread. */
public record OperationEvents(OperationKinds kinds, EventSink events) implements OperationObserver {
  @Override
  public void changed(Moment moment, Principal owner, OperationView operation) {
    String permission = kinds.find(operation.kind()).map(OperationKind::permission).orElse("");
    events.tell(
        Event.of(type(moment), operation.volume(), Map.of("operation", operation))
            .onlyFor(new Audience(owner, permission)));
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
