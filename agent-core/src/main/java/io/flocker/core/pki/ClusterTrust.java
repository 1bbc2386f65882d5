package io.flocker.core.pki;

import io.flocker.core.identity.Principal;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the cluster's authority has signed, with keys and digests that hold, for the use that
 * it was signed for, if it names somebody and was not taken back since. Says why not in words of
 * its own, which go to the peer's operator. Any thread may call.
 */
public class ClusterTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager paths;
  private final ClusterAuthority authority;

  /**
   * Trust in one authority.
   *
   * @throws GeneralSecurityException if this JDK validates no X.509 paths
   */
  public ClusterTrust(ClusterAuthority authority) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    this.authority = authority;
    factory.init(storeOf(authority.certificate()));
    this.paths =
        Arrays.stream(factory.getTrustManagers())
            .filter(X509ExtendedTrustManager.class::isInstance)
            .map(X509ExtendedTrustManager.class::cast)
            .findFirst()
            .orElseThrow(() -> new GeneralSecurityException("this JDK validates no X.509 paths"));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    requireClient(chain, () -> paths.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    requireServer(chain, () -> paths.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    requireClient(chain, () -> paths.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    requireServer(chain, () -> paths.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    requireClient(chain, () -> paths.checkClientTrusted(chain, authType));
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

  private void requireClient(X509Certificate[] chain, PathCheck path) throws CertificateException {
    require(chain, path);
    requireName(new PeerCertificate(chain[0]).client());
  }

  private void requireServer(X509Certificate[] chain, PathCheck path) throws CertificateException {
    require(chain, path);
    requireName(new PeerCertificate(chain[0]).server());
  }

  private void require(X509Certificate[] chain, PathCheck path) throws CertificateException {
    for (X509Certificate certificate : chain) {
      Strength.require(certificate);
      requireInForce(certificate);
    }
    try {
      path.run();
    } catch (CertificateException e) {
      throw explained(e);
    }
    for (X509Certificate certificate : chain) {
      if (authority.revoked().since(certificate).isPresent()) {
        throw caused(
            new CertificateException("the certificate was revoked by this cluster's authority"),
            BasicReason.REVOKED);
      }
    }
  }

  private static void requireInForce(X509Certificate certificate) throws CertificateException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw caused(e, BasicReason.EXPIRED);
    } catch (CertificateNotYetValidException e) {
      throw caused(e, BasicReason.NOT_YET_VALID);
    }
  }

  /** TLS finds the alert for a refusal in its cause. */
  private static CertificateException caused(CertificateException refusal, BasicReason reason) {
    refusal.initCause(new CertPathValidatorException(refusal.getMessage(), null, null, -1, reason));
    return refusal;
  }

  /** The JDK's words name its classes; a host that is not in the certificate it names well. */
  private static CertificateException explained(CertificateException why) {
    return why.getCause() == null
        ? why
        : new CertificateException("it was not signed by this cluster's authority", why.getCause());
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

  @FunctionalInterface
  private interface PathCheck {
    void run() throws CertificateException;
  }
}
