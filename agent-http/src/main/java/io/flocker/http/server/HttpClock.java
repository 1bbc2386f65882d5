package io.flocker.http.server;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as the {@code Date} header has it (RFC 9110, section 5.6.7). Any thread may ask. */
final class HttpClock {
  private static final long MILLIS_PER_SECOND = 1_000;

  /** Not {@code RFC_1123_DATE_TIME}, which drops the leading zero of a day. */
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

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

  private static Tick tick(long second) {
    return new Tick(second, FORMAT.format(Instant.ofEpochSecond(second)));
  }

  private record Tick(long second, String text) {}
}
