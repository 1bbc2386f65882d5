package io.flocker.cli.daemon;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.pki.Credentials;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Warns of certificates that end soon, in the log and by an event. */
final class CertificateWatch implements Background.Round {
  /** Long enough to make a new one without haste. */
  private static final Duration NOTICE = Duration.ofDays(30);

  private final Supplier<Credentials> credentials;
  private final EventSink events;
  private final InstantSource clock;

  /**
   * Watches what is in use.
   *
   * @param credentials asked at each round
   */
  CertificateWatch(Supplier<Credentials> credentials, EventSink events) {
    this(credentials, events, InstantSource.system());
  }

  CertificateWatch(Supplier<Credentials> credentials, EventSink events, InstantSource clock) {
    this.credentials = credentials;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public boolean leavesWork() {
    Credentials now = credentials.get();
    List.of(now.certificate(), now.authority().certificate()).forEach(this::check);
    return true;
  }

  private void check(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    Duration left = Duration.between(clock.instant(), end);
    if (left.compareTo(NOTICE) < 0) {
      Map<String, Object> notice =
          Map.of(
              "holder", certificate.getSubjectX500Principal().getName(),
              "notAfter", end.toString(),
              "daysLeft", Math.floorDiv(left.toSeconds(), Duration.ofDays(1).toSeconds()));
      Action.message(MessageType.CERTIFICATE_EXPIRING, notice);
      events.tell(Event.of(EventType.CERTIFICATE_EXPIRING, notice));
    }
  }
}
