package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the service manager how we are, by the protocol of sd_notify(3). Does nothing where nobody
 * asked to be told. Any thread may call.
 */
public final class NotifySocket {
  private static final String VARIABLE = "NOTIFY_SOCKET";
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

  private void send(String assignment) throws IOException {
    if (address.isPresent()) {
      try (UnixDatagram socket = UnixDatagram.to(address.get())) {
        socket.send(assignment.getBytes(UTF_8));
      }
    }
  }
}
