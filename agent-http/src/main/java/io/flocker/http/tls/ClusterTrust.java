package io.flocker.http.tls;

import io.flocker.core.identity.Principal;
import io.flocker.core.pki.PeerCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the cluster's authority has signed, for the use that it was signed for, if it names
 * somebody. Any thread may call.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager paths;

  private ClusterTrust(X509ExtendedTrustManager paths) {
    this.paths = paths;
  }

  static ClusterTrust in(X509Certificate authority) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(storeOf(authority));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager paths) {
        return new ClusterTrust(paths);
      }
    }
    throw new GeneralSecurityException("this JDK validates no X.509 paths");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    paths.checkClientTrusted(chain, authType, engine);
    requireName(new PeerCertificate(chain[0]).client());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    paths.checkServerTrusted(chain, authType, engine);
    requireName(new PeerCertificate(chain[0]).server());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    paths.checkClientTrusted(chain, authType, socket);
    requireName(new PeerCertificate(chain[0]).client());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    paths.checkServerTrusted(chain, authType, socket);
    requireName(new PeerCertificate(chain[0]).server());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    paths.checkClientTrusted(chain, authType);
    requireName(new PeerCertificate(chain[0]).client());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    // Without an engine or a socket the host cannot be compared with the certificate.
    throw new CertificateException("a server is verified with its host or not at all");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return paths.getAcceptedIssuers();
  }

  private static void requireName(Optional<Principal> name) throws CertificateException {
    if (name.isEmpty()) {
      throw new CertificateException(
          "the certificate names nobody, or is not for this use; make it with flocker-ca");
    }
  }

  private static KeyStore storeOf(X509Certificate authority) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", authority);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException("an empty key store cannot be made", e);
    }
  }
}
