package io.flocker.http.server;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;

/** The time as the {@code Date} header has it (RFC 9110, section 5.6.7). Any thread may ask. */
final class HttpClock {
  private static final long MILLIS_PER_SECOND = 1_000;

  private static volatile Tick last = tick(0);

  private HttpClock() {}

  static String date() {
    long second = System.currentTimeMillis() / MILLIS_PER_SECOND;
    Tick tick = last;
    if (tick.second() != second) {
      tick = tick(second);
      last = tick;
    }
    return tick.text();
  }

  @SuppressWarnings("JavaUtilDate") // What Netty's formatter takes.
  private static Tick tick(long second) {
    return new Tick(second, DateFormatter.format(new Date(second * MILLIS_PER_SECOND)));
  }

  private record Tick(long second, String text) {}
}
