package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** What one kind of certificate says, beside who signs it and when. */
sealed interface CertificateProfile {
  /** The subject's CN. */
  String commonName();

  /** Adds the extensions of this kind. */
  void addTo(X509v3CertificateBuilder builder) throws CertIOException;

  /** The subject: the cluster's id as OU, then the CN, as Flocker 1.x had them. */
  default X500Name subject(String clusterId) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.OU, clusterId)
        .addRDN(BCStyle.CN, commonName())
        .build();
  }

  /** The cluster's authority itself; it signs leaves and nothing else. */
  record Authority(String commonName) implements CertificateProfile {
    @Override
    public void addTo(X509v3CertificateBuilder builder) throws CertIOException {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }
  }

  /** A holder, who signs handshakes and nothing else. */
  record Leaf(Principal principal, GeneralNames names, List<KeyPurposeId> purposes)
      implements CertificateProfile {
    private static final List<KeyPurposeId> CLIENT = List.of(KeyPurposeId.id_kp_clientAuth);
    private static final List<KeyPurposeId> CLIENT_AND_SERVER =
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);

    static Leaf node(NodeId id, List<String> hosts) {
      Principal.Node node = new Principal.Node(id);
      return new Leaf(node, AlternativeNames.ofServer(node, hosts), CLIENT_AND_SERVER);
    }

    static Leaf controlService(String host) {
      Principal.ControlService service = new Principal.ControlService();
      return new Leaf(
          service, AlternativeNames.ofServer(service, List.of(host)), CLIENT_AND_SERVER);
    }

    static Leaf client(Principal principal, Set<CertifiedPermission> permissions) {
      return new Leaf(principal, AlternativeNames.ofClient(principal, permissions), CLIENT);
    }

    @Override
    public String commonName() {
      return principal.name();
    }

    @Override
    public void addTo(X509v3CertificateBuilder builder) throws CertIOException {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)))
          .addExtension(Extension.subjectAlternativeName, false, names);
    }
  }
}
