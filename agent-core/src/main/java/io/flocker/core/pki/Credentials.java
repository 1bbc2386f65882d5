package io.flocker.core.pki;

import io.flocker.core.identity.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * What one holder shows and trusts in TLS: certificate chain, key, and the cluster's authority.
 * Immutable; any thread. Uses the JDK alone.
 */
public final class Credentials {
  private final Principal principal;
  private final X509Certificate[] chain;
  private final PrivateKey key;
  private final ClusterAuthority authority;

  Credentials(
      Principal principal,
      List<X509Certificate> chain,
      PrivateKey key,
      ClusterAuthority authority) {
    this.principal = principal;
    this.chain = chain.toArray(X509Certificate[]::new);
    this.key = key;
    this.authority = authority;
  }

  /**
   * Reads and checks credentials: in force, from this authority, a known kind of holder, the right
   * key.
   *
   * @param ca the authority's certificate, {@code cluster.crt}; a list of revoked certificates,
   *     {@code cluster.crl}, counts if it lies beside it
   * @param certificate the holder's certificate
   * @param key its key, plain PKCS#8
   */
  public static Credentials load(Path ca, Path certificate, Path key) throws CredentialsException {
    return load(ca, Optional.empty(), certificate, key);
  }

  /**
   * The same, with the list of revoked certificates in another file.
   *
   * @param revoked where it has to be; the file beside {@code ca}, if there is one, if empty
   */
  public static Credentials load(Path ca, Optional<Path> revoked, Path certificate, Path key)
      throws CredentialsException {
    return load(ca, revoked, certificate, key, InstantSource.system());
  }

  static Credentials load(
      Path ca, Optional<Path> revoked, Path certificate, Path key, InstantSource clock)
      throws CredentialsException {
    CertificateCheck check = new CertificateCheck(clock.instant());
    X509Certificate authority = check.authority(ca);
    RevocationList list =
        revoked.isPresent()
            ? RevocationList.load(revoked.get(), authority)
            : RevocationList.beside(ca, authority);
    CredentialFiles files = new CredentialFiles(certificate, key);
    List<X509Certificate> chain = files.readChain();
    X509Certificate leaf = chain.getFirst();
    Principal principal = check.leaf(certificate, leaf, ca, authority);
    return new Credentials(
        principal, chain, files.readKey(leaf), new ClusterAuthority(authority, list));
  }

  /** Creates {@code <name>.crt} and {@code <name>.key}; when this throws, neither was created. */
  public CredentialFiles save(Path folder, String name) throws CredentialsException {
    CredentialFiles files = CredentialFiles.in(folder, name);
    files.create(List.of(chain), key);
    return files;
  }

  /** The certificates to show as a file of them holds them: PEM, the holder's own first. */
  public String chainPem() {
    try {
      return Pem.ofCertificates(List.of(chain));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read or made has an encoding", e);
    }
  }

  /** The key as a file of it holds it: PEM, plain PKCS#8. Secret. */
  public String keyPem() {
    return Pem.ofKey(key);
  }

  /**
   * Certificates and key as one PKCS#12 file (RFC 7292), as browsers take them in.
   *
   * @param password what encrypts it; may be empty, which some browsers refuse
   */
  public byte[] pkcs12(char[] password) {
    Certificate[] whole = Arrays.copyOf(chain, chain.length + 1, Certificate[].class);
    whole[chain.length] = authority.certificate();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(principal.name(), key, password, whole);
      store.store(bytes, password);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java writes no PKCS#12", e);
    }
    return bytes.toByteArray();
  }

  /** Whom the certificate names. */
  public Principal principal() {
    return principal;
  }

  /** The certificates to show, the holder's own first. */
  public X509Certificate[] chain() {
    return chain.clone();
  }

  /** The holder's own certificate. */
  public X509Certificate certificate() {
    return chain[0];
  }

  /** The key of {@link #certificate()}. */
  public PrivateKey key() {
    return key;
  }

  /** Signs the UTF-8 form of a text, see {@link SignerCertificate#hasSigned}. */
  public byte[] sign(String text) {
    return TextSignature.sign(key, text);
  }

  /** The only authority whose certificates are accepted. */
  public ClusterAuthority authority() {
    return authority;
  }

  /**
   * A new context that shows these credentials and accepts those of the same authority; to be used
   * with the parameters of {@link TlsPolicy}.
   */
  public SSLContext sslContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {keyManager()}, new TrustManager[] {new ClusterTrust(authority)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** A key manager that offers these credentials. */
  public SingleKeyManager keyManager() {
    return new SingleKeyManager(chain, key);
  }
}
