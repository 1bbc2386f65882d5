package io.flocker.http.tls;

import java.time.Duration;

/**
 * How TLS is spoken.
 *
 * @param minimum the lowest version that is accepted
 * @param handshake how long a handshake may take
 */
public record TlsSettings(TlsEngine engine, TlsVersion minimum, Duration handshake) {
  /** BoringSSL where it loads, TLS 1.2 or 1.3, 10 s for a handshake. */
  public static TlsSettings defaults() {
    return new TlsSettings(TlsEngine.AUTO, TlsVersion.TLS_1_2, Duration.ofSeconds(10));
  }
}
