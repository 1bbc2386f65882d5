package io.flocker.core.pki;

import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The subjectAltName of a leaf: where a server is found, or a client's name as a URN. */
final class AlternativeNames {
  private static final int LONGEST_DNS_NAME = 253; // RFC 1035, 2.3.4, without the root's dot
  private static final String LABEL =
      "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"; // RFC 1123, 2.1

  /** The last label is not a number, so that no mistyped address passes for a name. */
  private static final Pattern DNS_NAME =
      Pattern.compile("(%1$s\\.)*(?![0-9]+$)%1$s".formatted(LABEL));

  private AlternativeNames() {}

  /** The principal's own name, then every host by its kind. */
  static GeneralNames ofServer(Principal principal, List<String> hosts) {
    Stream<GeneralName> names =
        Stream.concat(Stream.of(dns(principal.name())), hosts.stream().map(AlternativeNames::host));
    return new GeneralNames(names.distinct().toArray(GeneralName[]::new));
  }

  /** The principal's own name, then every permission, by their order. */
  static GeneralNames ofClient(Principal principal, Set<CertifiedPermission> permissions) {
    Stream<GeneralName> names =
        Stream.concat(
            Stream.of(uri(urn(principal))),
            permissions.stream().sorted().map(PeerCertificate::urn).map(AlternativeNames::uri));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static GeneralName uri(String urn) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, urn);
  }

  private static String urn(Principal principal) {
    try {
      return new URI("urn", "flocker:" + principal.name(), null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "'" + principal.name() + "' cannot be written in a URI", e);
    }
  }

  private static GeneralName host(String host) {
    return address(host)
        .map(bytes -> new GeneralName(GeneralName.iPAddress, new DEROctetString(bytes)))
        .orElseGet(() -> dns(host));
  }

  /** The bytes of an IP address in text; "10.1", which the JDK reads as 10.0.0.1, is none. */
  private static Optional<byte[]> address(String host) {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      boolean canonical = host.contains(":") || host.equals(address.getHostAddress());
      return canonical ? Optional.of(address.getAddress()) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static GeneralName dns(String name) {
    if (name.length() > LONGEST_DNS_NAME || !DNS_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is neither an IP address nor a DNS name".formatted(name));
    }
    return new GeneralName(GeneralName.dNSName, name);
  }
}
