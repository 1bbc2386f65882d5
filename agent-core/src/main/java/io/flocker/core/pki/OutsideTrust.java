package io.flocker.core.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS towards servers that do not belong to the cluster: nothing of the cluster is shown them. */
public final class OutsideTrust {
  /** Where systems keep what they trust: Debian and its like, the Red Hat family, SUSE. */
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"));

  private OutsideTrust() {}

  /**
   * Trusts what the authorities in a file have signed.
   *
   * @param authorities certificates in PEM; empty for those of the system, or where there are none
   *     for those that came with the JDK
   */
  public static SSLContext of(Optional<Path> authorities)
      throws IOException, GeneralSecurityException {
    Optional<Path> file =
        authorities.or(() -> SYSTEM.stream().filter(Files::isReadable).findFirst());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, file.isPresent() ? trust(file.get()) : null, new SecureRandom());
    return context;
  }

  private static TrustManager[] trust(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : Pem.certificates(Files.readString(file))) {
      store.setCertificateEntry(Integer.toString(number++), authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }
}
