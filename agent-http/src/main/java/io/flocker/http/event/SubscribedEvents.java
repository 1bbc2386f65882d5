package io.flocker.http.event;

import io.flocker.core.event.Subscription;
import io.flocker.http.route.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A subscription as its caller is sent it. On the connection's event loop only. */
public record SubscribedEvents(Subscription subscription, Duration pace) implements EventSource {
  private static final String FAREWELL = "farewell";

  @Override
  public String greeting() {
    return EventText.greeting(subscription.position());
  }

  @Override
  public @Nullable String poll() {
    return subscription.poll();
  }

  @Override
  public String heartbeat() {
    return EventText.comment() + EventText.position(subscription.position());
  }

  @Override
  public boolean isLagging() {
    return subscription.isLagging();
  }

  @Override
  public String farewell() {
    return EventText.event(
        subscription.position(),
        FAREWELL,
        Map.of(
            "type",
            FAREWELL,
            "time",
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            "reason",
            isLagging() ? "lagging" : "closing",
            "resumeAfter",
            subscription.position().toString()));
  }

  @Override
  public void close() {
    subscription.close();
  }
}
