package io.flocker.http.tls;

import io.flocker.core.pki.TlsPolicy;
import java.util.List;

/** The versions that may be set as the lowest. */
public enum TlsVersion {
  TLS_1_2,
  TLS_1_3;

  private static final String NEWEST = "TLSv1.3";

  /** This version and those above it, by their JSSE names. */
  List<String> protocols() {
    return switch (this) {
      case TLS_1_2 -> TlsPolicy.PROTOCOLS;
      case TLS_1_3 -> List.of(NEWEST);
    };
  }
}
