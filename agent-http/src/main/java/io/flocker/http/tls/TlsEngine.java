package io.flocker.http.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** What computes TLS. */
public enum TlsEngine {
  /** BoringSSL where it loads, else the JDK. */
  AUTO,
  /** BoringSSL, or no start at all. */
  BORINGSSL,
  /** The JDK's own. */
  JDK;

  /**
   * The provider for this choice on this machine.
   *
   * @throws UnsatisfiedLinkError if BoringSSL is demanded and does not load
   */
  SslProvider provider() {
    return switch (this) {
      case JDK -> SslProvider.JDK;
      case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
      case BORINGSSL -> {
        OpenSsl.ensureAvailability();
        yield SslProvider.OPENSSL_REFCNT;
      }
    };
  }
}
