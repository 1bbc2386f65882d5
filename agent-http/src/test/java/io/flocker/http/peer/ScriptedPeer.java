package io.flocker.http.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A node that answers its n-th connection with the n-th script: a response for each request, then
 * the connection ends.
 */
final class ScriptedPeer implements AutoCloseable {
  private final SSLServerSocket listener;
  private final NodeId node;
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  ScriptedPeer(NodeId node, Credentials credentials, List<List<String>> scripts)
      throws IOException {
    this.node = node;
    this.listener =
        (SSLServerSocket)
            credentials
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, scripts.size(), InetAddress.getLoopbackAddress());
    listener.setSSLParameters(TlsPolicy.server());
    var _ = Thread.ofVirtual().name("scripted-peer").start(() -> serve(scripts));
  }

  PeerAddress address() {
    return new PeerAddress(node, new Address("127.0.0.1", listener.getLocalPort()));
  }

  /** The requests' heads, as they came. */
  BlockingQueue<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve(List<List<String>> scripts) {
    try {
      for (List<String> script : scripts) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
          play(script, socket);
        }
      }
    } catch (IOException _) {
      // The test has ended, or the client has: what it saw is what counts.
    }
  }

  private void play(List<String> script, SSLSocket socket) throws IOException {
    for (String response : script) {
      requests.add(head(socket.getInputStream()));
      socket.getOutputStream().write(response.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    }
    // Whether a further request is met by the end is then up to the client alone.
    requests.add(head(socket.getInputStream()));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the client ended the connection");
      }
      head.append((char) c);
    }
    return head.toString();
  }
}
