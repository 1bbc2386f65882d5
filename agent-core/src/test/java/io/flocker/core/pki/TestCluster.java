package io.flocker.core.pki;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * A cluster's authority in a test's folder; what it issues stands there as files too.
 *
 * <p>Nodes are {@code <uuid>.crt}, users {@code <name>.crt}, a node's own commands {@code
 * local-<uuid>.crt}, each with its {@code .key}; the authority is {@code cluster.crt}.
 */
public final class TestCluster {
  /** Of the authority, so that it can have issued what has expired since. */
  private static final Duration AGE = Duration.ofDays(3);

  private final Path folder;
  private final CertificateAuthority authority;

  private TestCluster(Path folder, CertificateAuthority authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /** A new cluster, its authority in {@code folder}. */
  public static TestCluster create(Path folder) throws CredentialsException {
    Instant lately = Instant.now().minus(AGE);
    var _ =
        CertificateAuthority.create("test", CertificateTerms.DEFAULT, InstantSource.fixed(lately))
            .save(folder);
    return new TestCluster(folder, CertificateAuthority.load(folder));
  }

  /** The authority, for what is not offered here. */
  public CertificateAuthority authority() {
    return authority;
  }

  /** {@code cluster.crt}. */
  public Path authorityFile() {
    return CredentialFiles.in(folder, CertificateAuthority.FILE_NAME).certificate();
  }

  /** A node; reached at 127.0.0.1 and localhost if no host is given. */
  public Credentials node(NodeId id, String... hosts) throws CredentialsException {
    List<String> names = hosts.length == 0 ? List.of("127.0.0.1", "localhost") : List.of(hosts);
    return saved(authority.issueNode(id, names), id.toString());
  }

  /** A user, who may do that beside what every user may. */
  public Credentials user(String name, CertifiedPermission... permissions)
      throws CredentialsException {
    return saved(authority.issueUser(name, Set.of(permissions)), name);
  }

  /** A user whose certificate was issued for a day that long ago; negative is to come. */
  public Credentials userOfOneDay(String name, Duration ago) throws CredentialsException {
    return ofOneDay(ago).issueUser(name);
  }

  /** The same for a node at 127.0.0.1. */
  public Credentials nodeOfOneDay(NodeId id, Duration ago) throws CredentialsException {
    return ofOneDay(ago).issueNode(id, List.of("127.0.0.1"));
  }

  private CertificateAuthority ofOneDay(Duration ago) throws CredentialsException {
    Instant then = Instant.now().minus(ago);
    CertificateAuthority earlier = CertificateAuthority.load(folder, InstantSource.fixed(then));
    return earlier.on(new CertificateTerms(KeyAlgorithm.EC, Duration.ofDays(1)));
  }

  /** The own commands of a node. */
  public Credentials local(NodeId node) throws CredentialsException {
    return saved(authority.issueLocal(node), "local-" + node);
  }

  /** Takes a certificate back: the list is {@code cluster.crl} beside the authority. */
  public Revocation revoke(Credentials issued, Instant since) throws CredentialsException {
    return authority.revoke(folder, issued.certificate().getSerialNumber(), since);
  }

  /** What was issued under a name, as who reads the files now sees it. */
  public Credentials loaded(String name) throws CredentialsException {
    CredentialFiles files = files(name);
    return Credentials.load(authorityFile(), files.certificate(), files.key());
  }

  /** The files of what was issued under a name: a node's uuid, a user's name. */
  public CredentialFiles files(String name) {
    return CredentialFiles.in(folder, name);
  }

  private Credentials saved(Credentials issued, String name) throws CredentialsException {
    issued.save(folder, name);
    return issued;
  }
}
