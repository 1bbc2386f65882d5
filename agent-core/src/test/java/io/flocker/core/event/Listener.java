package io.flocker.core.event;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Somebody who listens when a test says so, and remembers where it was. */
final class Listener implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Semaphore calls = new Semaphore(0);
  private final Subscription subscription;

  Listener(EventHub hub, EventFilter filter, Optional<EventId> after) throws Exception {
    subscription = hub.subscribe(filter, after, calls::release);
  }

  Subscription subscription() {
    return subscription;
  }

  /** Waits for the next event. */
  String next() throws InterruptedException {
    while (true) {
      String text = subscription.poll();
      if (text != null) {
        return text;
      }
      awaitCall();
    }
  }

  /** Waits for so many events. */
  List<String> next(int count) throws InterruptedException {
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      texts.add(next());
    }
    return texts;
  }

  /** Waits, without taking anything, until the hub has given it up as too slow. */
  void awaitLag() throws InterruptedException {
    while (!subscription.isLagging()) {
      awaitCall();
    }
  }

  /** Listens no more. */
  void leave() {
    subscription.close();
  }

  @Override
  public void close() {
    leave();
  }

  private void awaitCall() throws InterruptedException {
    assertTrue(calls.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing comes");
  }
}
