package io.flocker.core.pki;

import static io.flocker.core.pki.CertificateAuthorityTest.reloadsAsItWasSaved;
import static io.flocker.core.pki.CertificateAuthorityTest.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.id.NodeId;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever wants keys of RSA, in one place: to make one of 4096 bits takes many seconds where only
 * the first compiler works.
 */
class RsaTest {
  private static final List<String> PSS =
      List.of("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest");

  private static CertificateAuthority authority;

  /** A node that is reached at 127.0.0.1. */
  private static Credentials node;

  @TempDir Path folder;

  @BeforeAll
  static void makeCluster() {
    authority = CertificateAuthority.create("production", KeyAlgorithm.RSA);
    node = authority.issueNode(NodeId.random(), List.of("127.0.0.1"));
  }

  @Test
  @DisplayName("132 RSA: 4096 bits, SHA-256, 20 years of 365 days, reloads as it was saved")
  void rsaIsWhatFlockerIssued() throws Exception {
    X509Certificate certificate = node.certificate();
    assertEquals("SHA256withRSA", certificate.getSigAlgName());
    assertEquals(4096, ((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength());
    X509Certificate issuer = authority.certificate();
    assertEquals(
        Duration.ofDays(7300).plusHours(1), // It is in force an hour back.
        Duration.between(issuer.getNotBefore().toInstant(), issuer.getNotAfter().toInstant()));
    assertEquals(issuer.getNotAfter(), certificate.getNotAfter());
    CredentialFiles own = authority.save(folder);
    assertEquals(issuer, CertificateAuthority.load(folder).certificate());
    reloadsAsItWasSaved(folder, own, "node", node);
    assertEquals(0, verify(folder, "node", "sslclient").status());
    assertEquals(0, verify(folder, "node", "sslserver").status());
  }

  @Test
  @DisplayName("138 same CA with keys of RSA: accepted both ways")
  void peerIsAccepted() throws Exception {
    MutualTlsTest.acceptEachOther(node, node);
  }

  @Test
  void opensslVerifiesWhatItSigned() throws Exception {
    TextSignatureTest.assertVerified(folder, node, PSS);
  }

  @Test
  void signatureIsNotTakenForThatOfAnEcKey() throws Exception {
    String text = TextSignatureTest.TEXT;
    Credentials signer = TestCluster.create(folder).node(NodeId.random());

    assertFalse(new SignerCertificate(signer.certificate()).hasSigned(text, node.sign(text)));
  }

  @Test
  void keyIsNotTakenForThatOfAnEcCertificate() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    NodeId id = NodeId.random();
    var _ = cluster.node(id);
    Path key = node.save(folder, "rsa").key();

    CredentialsTest.assertRefused(
        "holds no EC key",
        key,
        cluster.authorityFile(),
        cluster.files(id.toString()).certificate(),
        key);
  }
}
