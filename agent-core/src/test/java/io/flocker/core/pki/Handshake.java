package io.flocker.core.pki;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** One TLS connection on 127.0.0.1, both ends real JDK sockets, one byte sent each way. */
final class Handshake {
  private static final int PATIENCE_MS = 120_000;

  /**
   * How it ended.
   *
   * @param server the leaf that the server saw, or why it refused
   * @param client the leaf that the client saw, or why it refused
   */
  record Result(End server, End client) {}

  /** What one end saw. */
  sealed interface End {
    /** The peer was accepted. */
    record Accepted(PeerCertificate peer, String protocol) implements End {}

    /** The connection failed. */
    record Refused(IOException cause) implements End {}
  }

  private Handshake() {}

  /** Connects {@code client} to {@code server} by {@code host}, which must mean 127.0.0.1. */
  static Result between(Credentials server, Credentials client, String host) throws Exception {
    try (SSLServerSocket listener = listen(server);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<End> accepted = threads.submit(() -> accept(listener));
      End connected = end(connect(client, host, listener.getLocalPort()));
      return new Result(accepted.get(PATIENCE_MS, TimeUnit.MILLISECONDS), connected);
    }
  }

  /** A listener on 127.0.0.1 that asks for certificates. */
  static SSLServerSocket listen(Credentials server) throws IOException {
    SSLServerSocket listener =
        (SSLServerSocket)
            server
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    listener.setSSLParameters(TlsPolicy.server());
    listener.setSoTimeout(PATIENCE_MS);
    return listener;
  }

  /** Accepts one connection and reports its end. */
  static End accept(SSLServerSocket listener) throws IOException {
    return end((SSLSocket) listener.accept());
  }

  private static SSLSocket connect(Credentials client, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) client.sslContext().getSocketFactory().createSocket(host, port);
    socket.setSSLParameters(TlsPolicy.client());
    return socket;
  }

  /** TLS 1.3 lets a client finish before the server has judged it: only a byte back is proof. */
  private static End end(SSLSocket socket) {
    try (socket) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.startHandshake();
      socket.getOutputStream().write(1);
      if (socket.getInputStream().read() != 1) {
        throw new IOException("the peer closed the connection");
      }
      X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return new End.Accepted(new PeerCertificate(leaf), socket.getSession().getProtocol());
    } catch (IOException e) {
      return new End.Refused(e);
    }
  }
}
