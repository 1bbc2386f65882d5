package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventId;
import io.flocker.core.event.EventType;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.event.CheckedEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateWatchTest {
  private final List<Event> events = new ArrayList<>();

  @Test
  void warnsOnlyOfWhatEndsSoon(@TempDir Path folder) throws Exception {
    Credentials credentials = TestCluster.create(folder).node(NodeId.random());
    Instant end = credentials.certificate().getNotAfter().toInstant();

    watch(credentials, end.minus(Duration.ofDays(31)));
    assertEquals(List.of(), events);

    watch(credentials, end.minus(Duration.ofDays(5)));
    Event warning = events.getFirst();
    assertEquals(EventType.CERTIFICATE_EXPIRING, warning.type());
    assertEquals(5L, warning.members().get("daysLeft"));
    EventId id = EventId.parse("0123456789abcdef-1");
    assertTrue(new CheckedEvents().write(id, warning).isPresent());
  }

  private void watch(Credentials credentials, Instant now) {
    var _ =
        new CertificateWatch(() -> credentials, events::add, InstantSource.fixed(now)).leavesWork();
  }
}
