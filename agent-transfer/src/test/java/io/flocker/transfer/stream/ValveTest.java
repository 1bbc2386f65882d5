package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.transfer.pipe.EpollLoop;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ValveTest {
  private static final int MUCH = 1 << 20;

  @RegisterExtension final EpollLoop loop = new EpollLoop();

  private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

  @Test
  void closesOnceTooMuchHasPassedAndOpensByItself() throws Exception {
    Valve valve = valve(OptionalLong.of(10L * MUCH));

    loop.run(() -> {
      assertTrue(valve.isOpen());
      valve.pass(1);
      assertTrue(valve.isOpen(), "a burst is free");
      valve.pass(2 * MUCH);
      assertFalse(valve.isOpen());
      valve.pass(MUCH); // What was read already still passes.
      assertFalse(valve.isOpen());
    });

    assertTrue(opened.get(30, TimeUnit.SECONDS));
    assertTrue(loop.call(valve::isOpen));
  }

  @Test
  void neverClosesWithoutALimit() throws Exception {
    Valve valve = valve(OptionalLong.empty());

    loop.run(() -> {
      valve.pass(Integer.MAX_VALUE);
      assertTrue(valve.isOpen());
    });
  }

  @Test
  void callsNobodyOnceItIsStopped() throws Exception {
    Valve valve = valve(OptionalLong.of(MUCH));
    loop.run(() -> {
      valve.pass(MUCH);
      valve.stop();
      valve.stop();
    });

    loop.stop();
    assertFalse(opened.isDone());
  }

  private Valve valve(OptionalLong rate) throws Exception {
    return loop.call(
        () -> new Valve(loop.loop(), RateSource.of(rate), () -> opened.complete(true)));
  }
}
