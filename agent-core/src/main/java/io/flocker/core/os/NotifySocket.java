package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the service manager how we are, by the protocol of sd_notify(3). Does nothing where nobody
 * asked to be told. Any thread may call.
 */
public final class NotifySocket {
  private static final String VARIABLE = "NOTIFY_SOCKET";
  private static final String PATIENCE = "WATCHDOG_USEC";
  private static final String WATCHED = "WATCHDOG_PID";
  private static final long NANOS_OF_A_MICRO = 1_000;

  private final Optional<String> address;

  private NotifySocket(Optional<String> address) {
    this.address = address;
  }

  /** The socket that {@code environment} names, if any. */
  public static NotifySocket of(Map<String, String> environment) {
    return new NotifySocket(
        Optional.ofNullable(environment.get(VARIABLE)).filter(name -> !name.isEmpty()));
  }

  /**
   * How long a service manager waits for {@link #alive} before it takes process {@code pid} for
   * dead; empty if it does not wait. See sd_watchdog_enabled(3).
   */
  public static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    String watched = environment.getOrDefault(WATCHED, "");
    String micros = environment.getOrDefault(PATIENCE, "");
    if (!micros.matches("[1-9][0-9]{0,14}")
        || !(watched.isEmpty() || watched.equals(Long.toString(pid)))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * NANOS_OF_A_MICRO));
  }

  /** All is up and requests are answered. */
  public void ready() throws IOException {
    send("READY=1");
  }

  /** What we have read is being read anew; {@link #ready} says that it was. */
  public void reloading() throws IOException {
    // sd_notify(3) wants CLOCK_MONOTONIC, which is what nanoTime reads on Linux.
    send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NANOS_OF_A_MICRO);
  }

  /** We are on the way down. */
  public void stopping() throws IOException {
    send("STOPPING=1");
  }

  /** One line for people. */
  public void status(String line) throws IOException {
    send("STATUS=" + line.replace('\n', ' '));
  }

  /** A sign of life, for {@link #watchdog}. */
  public void alive() throws IOException {
    send("WATCHDOG=1");
  }

  /** A start, reload or stop goes on, and needs at least {@code more} from now. */
  public void extend(Duration more) throws IOException {
    send("EXTEND_TIMEOUT_USEC=" + more.toNanos() / NANOS_OF_A_MICRO);
  }

  private void send(String assignment) throws IOException {
    if (address.isPresent()) {
      try (UnixDatagram socket = UnixDatagram.to(address.get())) {
        socket.send(assignment.getBytes(UTF_8));
      }
    }
  }
}
