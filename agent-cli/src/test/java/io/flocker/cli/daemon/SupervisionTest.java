package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.log.DatagramReceiver;
import io.flocker.core.os.NotifySocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SupervisionTest {
  private static final Optional<Duration> WATCHDOG = Optional.of(Duration.ofMillis(40));

  private final AtomicInteger looks = new AtomicInteger();
  private DatagramReceiver manager;
  private NotifySocket socket;

  @BeforeEach
  void listen() throws Exception {
    String address = "@flocker-test-" + UUID.randomUUID();
    manager = DatagramReceiver.at(address);
    socket = NotifySocket.of(Map.of("NOTIFY_SOCKET", address));
  }

  @AfterEach
  void end() {
    manager.close();
  }

  @Test
  void givesNoSignOfLifeWhileSomethingDoesNotAnswer() throws Exception {
    try (Supervision _ =
        Supervision.start(
            socket, WATCHDOG, vitals(() -> looks.incrementAndGet() > 3, () -> "busy"))) {
      assertEquals("STATUS=busy", manager.next());
      assertEquals("WATCHDOG=1", manager.next());
      assertTrue(looks.get() > 3, looks + " looks");
      assertEquals("WATCHDOG=1", manager.next());
    }
  }

  @Test
  void givesNoneInARoundThatFailsAndGoesOn() throws Exception {
    try (Supervision _ =
        Supervision.start(
            socket,
            WATCHDOG,
            vitals(
                () -> {
                  if (looks.incrementAndGet() == 1) {
                    throw new IllegalStateException("unforeseen");
                  }
                  return true;
                },
                () -> "busy"))) {
      assertEquals("STATUS=busy", manager.next());
      assertEquals("WATCHDOG=1", manager.next());
      assertTrue(looks.get() > 1, looks + " looks");
    }
  }

  @Test
  void tellsOnlyWhatHasChangedWhereNobodyWatches() throws Exception {
    Supplier<String> doing = () -> looks.incrementAndGet() < 2 ? "little" : "more";
    try (Supervision _ = Supervision.start(socket, Optional.empty(), vitals(doing))) {
      assertEquals("STATUS=little", manager.next());
    }
    try (Supervision _ = Supervision.start(socket, WATCHDOG, vitals(() -> true, doing))) {
      assertEquals("STATUS=more", manager.next());
      assertEquals("WATCHDOG=1", manager.next());
      assertEquals("WATCHDOG=1", manager.next());
    }
  }

  private static Supervision.Vitals vitals(Supplier<String> doing) {
    return vitals(
        () -> {
          throw new IllegalStateException("nobody asked");
        },
        doing);
  }

  private static Supervision.Vitals vitals(BooleanSupplier areFine, Supplier<String> doing) {
    return new Supervision.Vitals() {
      @Override
      public boolean areFine() {
        return areFine.getAsBoolean();
      }

      @Override
      public String doing() {
        return doing.get();
      }
    };
  }
}
