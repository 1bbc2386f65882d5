package io.flocker.core.pki;

import io.flocker.core.identity.Certified;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The leaf of a chain that TLS has verified: whom it names, and as what it may act. Any thread.
 *
 * @param certificate the peer's own certificate, first of its verified chain
 */
public record PeerCertificate(X509Certificate certificate) {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1"; // RFC 5280, 4.2.1.12
  private static final Set<?> SERVER_NAMES = Set.of(2, 7); // RFC 5280, 4.2.1.6: dNSName, iPAddress
  private static final Integer URI = 6; // Ibidem: uniformResourceIdentifier
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"; // RFC 5280, 4.2.1.12

  /** Whom we talk to when the peer opened the connection; empty if it must not act as a client. */
  public Optional<Principal> client() {
    return mayActAs(CLIENT_AUTH) ? subject() : Optional.empty();
  }

  /** The same, with what he may do beyond what all of his kind may. */
  public Optional<Certified> caller() {
    return client().map(principal -> new Certified(principal, permissions(principal)));
  }

  /** Whom we talk to when we opened the connection; empty if it must not act as a server. */
  public Optional<Principal> server() {
    return mayActAs(SERVER_AUTH) ? subject() : Optional.empty();
  }

  /** How a certificate says that its holder may, see FORMATS.md. */
  static String urn(CertifiedPermission permission) {
    return "urn:flocker:permission:" + permission.text();
  }

  /** The hosts at which it may be found as a server, in its own order. */
  public List<String> hosts() {
    return alternativeNames(SERVER_NAMES).stream()
        .filter(host -> Principal.ofCommonName(host).isEmpty())
        .toList();
  }

  /** Only a person can be asked to answer for it: a node and its root have it from nobody. */
  private Set<CertifiedPermission> permissions(Principal principal) {
    if (!(principal instanceof Principal.User)) {
      return Set.of();
    }
    List<String> uris = alternativeNames(Set.of(URI));
    return Arrays.stream(CertifiedPermission.values())
        .filter(permission -> uris.contains(urn(permission)))
        .collect(Collectors.toSet());
  }

  private List<String> alternativeNames(Set<?> kinds) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> kinds.contains(name.getFirst()))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException _) {
      return List.of();
    }
  }

  /** Whom the one CN of the subject names. */
  Optional<Principal> subject() {
    return SubjectName.commonName(certificate).flatMap(Principal::ofCommonName);
  }

  /** A certificate without the extension may do nothing here: ours all have it. */
  private boolean mayActAs(String purpose) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes != null && purposes.contains(purpose);
    } catch (CertificateParsingException _) {
      return false;
    }
  }
}
