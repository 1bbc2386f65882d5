package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;

/** The cluster's authority, which makes every certificate of the cluster. Immutable; any thread. */
public final class CertificateAuthority {
  /** Base name of the authority's own files: {@code cluster.crt} and {@code cluster.key}. */
  public static final String FILE_NAME = "cluster";

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final String clusterId;
  private final CertificateTerms terms;
  private final InstantSource clock;

  private CertificateAuthority(
      X509Certificate certificate,
      PrivateKey key,
      String clusterId,
      CertificateTerms terms,
      InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clusterId = clusterId;
    this.terms = terms;
    this.clock = clock;
  }

  /** Makes the authority of a new cluster, with a fresh cluster id. */
  public static CertificateAuthority create(String clusterName, KeyAlgorithm algorithm) {
    return create(clusterName, CertificateTerms.of(algorithm));
  }

  /**
   * Makes the authority of a new cluster, with a fresh cluster id.
   *
   * @throws IllegalArgumentException if the name cannot stand in a certificate
   */
  public static CertificateAuthority create(String clusterName, CertificateTerms terms) {
    return create(clusterName, terms, InstantSource.system());
  }

  static CertificateAuthority create(
      String clusterName, CertificateTerms terms, InstantSource clock) {
    CertificateProfile profile =
        new CertificateProfile.Authority(Names.checked("cluster", clusterName));
    String clusterId = UUID.randomUUID().toString();
    X500Name subject = profile.subject(clusterId);
    KeyPair pair = terms.algorithm().generate();
    Instant now = clock.instant();
    try {
      X509Certificate certificate =
          CertificateSigner.self(subject, pair.getPublic(), pair.getPrivate())
              .sign(profile, subject, pair.getPublic(), now, now.plus(terms.validity()));
      return new CertificateAuthority(certificate, pair.getPrivate(), clusterId, terms, clock);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no key identifiers", e);
    }
  }

  /** Reads {@code cluster.crt} and {@code cluster.key} of a folder; issues on default terms. */
  public static CertificateAuthority load(Path folder) throws CredentialsException {
    return load(folder, InstantSource.system());
  }

  static CertificateAuthority load(Path folder, InstantSource clock) throws CredentialsException {
    CredentialFiles files = CredentialFiles.in(folder, FILE_NAME);
    for (Path file : List.of(files.certificate(), files.key())) {
      if (Files.notExists(file)) {
        throw new CredentialsException(
            file,
            "does not exist; make the authority with 'flocker-ca initialize <name>', or say with"
                + " --inputpath which folder holds it");
      }
    }
    X509Certificate certificate =
        new CertificateCheck(clock.instant()).authority(files.certificate());
    String clusterId =
        SubjectName.organizationalUnit(certificate)
            .orElseThrow(() ->
                new CredentialsException(
                    files.certificate(),
                    "names no cluster id (OU); it was not made by 'flocker-ca initialize'"));
    return new CertificateAuthority(
        certificate, files.readKey(certificate), clusterId, CertificateTerms.DEFAULT, clock);
  }

  /** The same authority, issuing on other terms. */
  public CertificateAuthority on(CertificateTerms other) {
    return new CertificateAuthority(certificate, key, clusterId, other, clock);
  }

  /** Creates {@code cluster.crt} and {@code cluster.key}; when this throws, neither was created. */
  public CredentialFiles save(Path folder) throws CredentialsException {
    CredentialFiles files = CredentialFiles.in(folder, FILE_NAME);
    files.create(List.of(certificate), key);
    return files;
  }

  /** The authority's own certificate, which all others trust. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The uuid that all certificates of the cluster bear as OU. */
  public String clusterId() {
    return clusterId;
  }

  /**
   * Certifies a node, as a server and as a client.
   *
   * @param hosts the DNS names and IP addresses at which others reach it
   * @throws IllegalArgumentException if a host is neither a DNS name nor an IP address
   */
  public Credentials issueNode(NodeId id, List<String> hosts) {
    return issue(CertificateProfile.Leaf.node(id, hosts));
  }

  /**
   * Certifies a user of the API.
   *
   * @throws IllegalArgumentException if the name cannot stand in a certificate or file name, or
   *     would be taken for a node's own commands
   */
  public Credentials issueUser(String username) {
    return issueUser(username, Set.of());
  }

  /** The same for a user who may do more than every user may. */
  public Credentials issueUser(String username, Set<CertifiedPermission> permissions) {
    Principal.User user = new Principal.User(Names.checkedUser(username));
    return issue(CertificateProfile.Leaf.client(user, permissions));
  }

  /** Certifies the commands that root runs on one node. */
  public Credentials issueLocal(NodeId node) {
    return issue(CertificateProfile.Leaf.client(new Principal.Local(node), Set.of()));
  }

  /**
   * Certifies a node that has made its key itself, as {@link #issueNode(NodeId, List)} does.
   *
   * @param holders the node's key; its caller has seen a proof that the node has the other half
   * @throws IllegalArgumentException if a host is neither a DNS name nor an IP address
   */
  public SignerCertificate certifyNode(NodeId id, List<String> hosts, ForeignKey holders) {
    return new SignerCertificate(certify(CertificateProfile.Leaf.node(id, hosts), holders.key()));
  }

  /** Certifies the commands of such a node, as {@link #issueLocal} does. */
  public SignerCertificate certifyLocal(NodeId node, ForeignKey holders) {
    return new SignerCertificate(
        certify(
            CertificateProfile.Leaf.client(new Principal.Local(node), Set.of()), holders.key()));
  }

  /**
   * Certifies the control service.
   *
   * @param host the DNS name or IP address at which others reach it
   * @throws IllegalArgumentException if it is neither
   */
  public Credentials issueControlService(String host) {
    return issue(CertificateProfile.Leaf.controlService(host));
  }

  /**
   * Takes a certificate back: adds it to {@code cluster.crl} of a folder, which is made if there is
   * none. When this throws, the list is as it was.
   *
   * @param serial the certificate's number
   * @param since from when on it counts for nothing; of two times the earlier one stays
   * @return the list, and the file that holds it now
   */
  public Revocation revoke(Path folder, BigInteger serial, Instant since)
      throws CredentialsException {
    Path file = folder.resolve(RevocationList.FILE_NAME);
    RevocationList before =
        Files.exists(file) ? RevocationList.load(file, certificate) : RevocationList.NONE;
    Instant from =
        before.entries().stream()
            .filter(entry -> entry.getSerialNumber().equals(serial))
            .map(entry -> entry.getRevocationDate().toInstant())
            .filter(earlier -> earlier.isBefore(since))
            .findFirst()
            .orElse(since);
    Instant now = clock.instant();
    X509CRL list =
        new RevocationSigner(certificate, key).adding(before, serial, from, now, end(now));
    try {
      DurableFile.replace(file, Pem.ofList(list).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException | CRLException e) {
      throw new CredentialsException(
          file, "cannot be written; check its folder's owner and mode", e);
    }
    return new Revocation(file, serial, from, new RevocationList(list));
  }

  /**
   * The number of a certificate in a file.
   *
   * @throws CredentialsException if it is none that this authority has issued
   */
  public BigInteger serialOf(Path file) throws CredentialsException {
    X509Certificate issued = new CredentialFiles(file, file).readChain().getFirst();
    try {
      issued.verify(certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CredentialsException(file, "was not signed by this authority", e);
    }
    if (issued.equals(certificate)) {
      throw new CredentialsException(
          file, "is the authority's own; a cluster without it needs a new one");
    }
    return issued.getSerialNumber();
  }

  private Credentials issue(CertificateProfile.Leaf leaf) {
    KeyPair pair = terms.algorithm().generate();
    return new Credentials(
        leaf.principal(),
        List.of(certify(leaf, pair.getPublic())),
        pair.getPrivate(),
        new ClusterAuthority(certificate, RevocationList.NONE));
  }

  private X509Certificate certify(CertificateProfile.Leaf leaf, PublicKey holders) {
    Instant now = clock.instant();
    try {
      return CertificateSigner.of(certificate, key)
          .sign(leaf, leaf.subject(clusterId), holders, now, end(now));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with this authority", e);
    }
  }

  /** No certificate outlives its authority: some verifiers would accept it longer than others. */
  private Instant end(Instant now) {
    Instant wanted = now.plus(terms.validity());
    Instant last = certificate.getNotAfter().toInstant();
    return wanted.isBefore(last) ? wanted : last;
  }
}
