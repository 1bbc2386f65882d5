package io.flocker.core.pki;

import java.util.List;
import javax.net.ssl.SSLParameters;

/** What we speak: TLS 1.3 and 1.2, with forward secrecy and authenticated ciphers only. */
public final class TlsPolicy {
  /** Protocol versions, best first. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /**
   * Cipher suites, best first. AES-128 leads: it is as strong as the P-256 keys and moves more
   * bytes a second than AES-256.
   */
  public static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsPolicy() {}

  /** For whoever listens: every caller shows a certificate. */
  public static SSLParameters server() {
    SSLParameters parameters = parameters();
    parameters.setNeedClientAuth(true);
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  /** For whoever calls: the address must be in the server's certificate (RFC 9110, 4.3.4). */
  public static SSLParameters client() {
    SSLParameters parameters = parameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  private static SSLParameters parameters() {
    return new SSLParameters(
        CIPHER_SUITES.toArray(String[]::new), PROTOCOLS.toArray(String[]::new));
  }
}
