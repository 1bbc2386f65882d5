package io.flocker.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How connections are encrypted.
 *
 * @param minimum key {@code minimum}: the oldest version of TLS that is spoken, {@code 1.2} (the
 *     default) or {@code 1.3}; nothing older can be had
 * @param provider key {@code provider}: whose engine encrypts; {@code auto} by default
 * @param crl key {@code crl}: the list of revoked certificates, which has to be there; {@code
 *     cluster.crl} among the certificates, where it is there, unless given
 */
public record TlsConfiguration(Version minimum, Provider provider, Optional<Path> crl) {
  /** A version of TLS. */
  public enum Version {
    /** RFC 5246, with ECDHE and AEAD suites only. */
    TLS_1_2("1.2"),
    /** RFC 8446. */
    TLS_1_3("1.3");

    private final String text;

    Version(String text) {
      this.text = text;
    }

    /** The version's number. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Who encrypts. */
  public enum Provider {
    /** BoringSSL where it loads, else the JDK. */
    AUTO,
    /** BoringSSL, or flockerd does not start. */
    BORINGSSL,
    /** The JDK's own engine. */
    JDK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static TlsConfiguration read(YamlMapping tls) {
    TlsConfiguration configuration =
        new TlsConfiguration(
            tls.choice("minimum", List.of(Version.values()), Version.TLS_1_2),
            tls.choice("provider", List.of(Provider.values()), Provider.AUTO),
            tls.optionalPath("crl"));
    tls.refuseUnknown();
    return configuration;
  }
}
