package io.flocker.benchmarks.stream;

import io.flocker.core.id.Address;
import io.flocker.core.pki.Credentials;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks an agent for something small, again and again, over one connection. */
final class ControlCaller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventLoops loops = EventLoops.start(1);
  private final TlsContexts tls;
  private final PeerClient client;
  private final PeerAddress peer;

  ControlCaller(Credentials credentials, AgentProcess agent) throws Exception {
    this.tls = TlsContexts.of(TlsSettings.defaults(), credentials);
    this.client = new PeerClient(loops, tls, PeerClientSettings.defaults());
    this.peer = new PeerAddress(agent.node(), new Address("127.0.0.1", agent.port()));
  }

  /** How long each of {@code count} requests took. */
  Percentiles call(int count) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      var _ = client.call(peer, "GET", Agent.VERSION, null, PATIENCE);
      nanos.add(System.nanoTime() - begun);
    }
    return Percentiles.ofNanos(nanos);
  }

  @Override
  public void close() {
    client.close();
    tls.close();
    loops.close();
  }
}
