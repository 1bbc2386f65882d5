package io.flocker.http;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.net.EventLoops;
import io.flocker.http.peer.PeerAddress;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServer;
import io.flocker.http.server.HttpsServerSettings;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** A node that serves routes on 127.0.0.1, its cluster, and the clients that a test makes. */
public final class TestServer implements AutoCloseable {
  private final TestCluster cluster;
  private final NodeId node = NodeId.random();
  private final EventLoops loops = EventLoops.start(2);
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final TlsContexts tls;
  private final HttpsServer server;

  private TestServer(
      Path folder,
      TlsSettings tls,
      UnaryOperator<HttpsServerSettings> settings,
      Collection<? extends Route> routes)
      throws Exception {
    closing.push(loops::close);
    this.cluster = TestCluster.create(folder);
    HttpsServerSettings ephemeral =
        HttpsServerSettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.tls = contexts(tls, cluster.node(node));
    this.server = HttpsServer.start(settings.apply(ephemeral), this.tls, loops, routes);
    closing.push(server::close);
  }

  /** A server with the settings of production. */
  public static TestServer start(Path folder, Collection<? extends Route> routes) throws Exception {
    return start(folder, TlsSettings.defaults(), UnaryOperator.identity(), routes);
  }

  /** A server with changed settings. */
  public static TestServer start(
      Path folder,
      TlsSettings tls,
      UnaryOperator<HttpsServerSettings> settings,
      Collection<? extends Route> routes)
      throws Exception {
    return new TestServer(folder, tls, settings, routes);
  }

  /** Whose certificates the server accepts. */
  public TestCluster cluster() {
    return cluster;
  }

  /** The server itself. */
  public HttpsServer server() {
    return server;
  }

  /** What the server shows and trusts, to be exchanged. */
  public TlsContexts tls() {
    return tls;
  }

  /** What lies in the folder of the cluster for the server, now. */
  public Credentials credentials() throws CredentialsException {
    return cluster.loaded(node.toString());
  }

  /** The loops that server and clients share. */
  public EventLoops loops() {
    return loops;
  }

  /** Where the server is, and which node it is. */
  public PeerAddress address() {
    return new PeerAddress(node, new Address("127.0.0.1", server.address().getPort()));
  }

  /** A connection with these credentials, over which a test speaks raw HTTP. */
  public RawConnection connect(Credentials credentials) throws IOException {
    return RawConnection.open(credentials, server.address());
  }

  /** A client of another node, closed with the server. */
  public PeerClient peerClient(PeerClientSettings settings) throws Exception {
    TlsContexts tls = contexts(TlsSettings.defaults(), cluster.node(NodeId.random()));
    PeerClient client = new PeerClient(loops, tls, settings);
    closing.push(client::close);
    return client;
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }

  private TlsContexts contexts(TlsSettings settings, Credentials credentials)
      throws GeneralSecurityException {
    TlsContexts contexts = TlsContexts.of(settings, credentials);
    closing.push(contexts::close);
    return contexts;
  }
}
