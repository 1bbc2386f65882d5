package io.flocker.http.client;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.pki.TlsPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Asks which node listens somewhere, by the certificate that it shows. Any thread; blocks. */
public final class ListeningNode {
  /** For the connection, and for each answer. */
  private static final int PATIENCE_MILLIS = 10_000;

  private ListeningNode() {}

  /**
   * The node that listens at {@code address}. It need not let the caller in.
   *
   * @param tls with the caller's certificate, trusting the cluster's authority alone
   * @throws UnreachableException if nobody answers there within some 10 s, or no node of the
   *     cluster, or one whose certificate does not bear the address
   */
  public static NodeId at(Address address, SSLContext tls) throws UnreachableException {
    try (Socket plain = new Socket()) {
      InetSocketAddress place = address.lookUp();
      if (place.isUnresolved()) {
        throw new UnreachableException(
            address + " has a host name that nobody knows; check the address");
      }
      plain.connect(place, PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      try (SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
        socket.setSSLParameters(TlsPolicy.client());
        socket.startHandshake();
        return node(address, (X509Certificate) socket.getSession().getPeerCertificates()[0]);
      }
    } catch (UnreachableException e) {
      throw e;
    } catch (IOException e) {
      throw UnreachableException.of(address.url(), e);
    }
  }

  private static NodeId node(Address address, X509Certificate shown) throws UnreachableException {
    Optional<Principal> server = new PeerCertificate(shown).server();
    if (server.orElse(null) instanceof Principal.Node(NodeId id)) {
      return id;
    }
    throw new UnreachableException(
        address
            + " shows a certificate of "
            + server.map(Principal::name).orElse("nobody whom the cluster knows")
            + ", which is no node's; check the address");
  }
}
