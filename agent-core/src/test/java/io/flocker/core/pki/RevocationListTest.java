package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationListTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant before = now.minus(Duration.ofHours(1));

  private final NodeId here = NodeId.random();
  private final NodeId lost = NodeId.random();

  @TempDir private Path folder;

  private TestCluster cluster;

  @BeforeEach
  void makeCluster() throws Exception {
    cluster = TestCluster.create(folder);
    cluster.node(here);
  }

  @Test
  void whoIsOnItIsRefusedInBothDirectionsAndNobodyElseIs() throws Exception {
    Credentials revoked = cluster.node(lost);
    Credentials kept = cluster.user("kept");
    cluster.revoke(revoked, now);
    Credentials node = cluster.loaded(here.toString());

    Handshake.Result called = Handshake.between(node, revoked, "127.0.0.1");
    assertInstanceOf(Handshake.End.Refused.class, called.server());
    Handshake.Result calls = Handshake.between(revoked, node, "127.0.0.1");
    assertInstanceOf(Handshake.End.Refused.class, calls.client());
    Handshake.Result other = Handshake.between(node, kept, "127.0.0.1");
    assertInstanceOf(Handshake.End.Accepted.class, other.server());
  }

  @Test
  void whatWasSignedBeforeStillCounts() throws Exception {
    Credentials revoked = cluster.node(lost);
    cluster.revoke(revoked, now);
    ClusterAuthority authority = cluster.loaded(here.toString()).authority();
    SignerCertificate signer = new SignerCertificate(revoked.certificate());

    assertTrue(signer.holder(authority, now.minusSeconds(1)).isPresent());
    assertEquals(Optional.empty(), signer.holder(authority, now));
  }

  @Test
  void growsAndKeepsTheEarlierOfTwoTimes() throws Exception {
    Credentials first = cluster.user("first");
    Credentials second = cluster.user("second");
    cluster.revoke(first, before);
    cluster.revoke(second, now);
    Revocation again = cluster.revoke(first, now);

    assertEquals(before, again.since());
    RevocationList read = cluster.loaded("first").authority().revoked();
    assertEquals(2, read.size());
    assertEquals(Optional.of(before), read.since(first.certificate()));
    assertEquals(Optional.of(now), read.since(second.certificate()));
  }

  @Test
  void opensslReadsIt() throws Exception {
    Credentials revoked = cluster.user("revoked");
    cluster.user("kept");
    cluster.revoke(revoked, now);

    OpenSsl.Answer list =
        OpenSsl.run(folder, "crl", "-in", "cluster.crl", "-CAfile", "cluster.crt", "-noout");
    assertEquals("verify OK", list.text().strip());
    assertEquals(0, verify("kept").status());
    OpenSsl.Answer refused = verify("revoked");
    assertTrue(refused.text().contains("certificate revoked"), refused.text());
  }

  private OpenSsl.Answer verify(String name) throws Exception {
    return OpenSsl.run(
        folder,
        "verify",
        "-x509_strict",
        "-crl_check",
        "-CAfile",
        "cluster.crt",
        "-CRLfile",
        "cluster.crl",
        name + ".crt");
  }

  @Test
  void whatIsNoListOfThisAuthorityIsNamed() throws Exception {
    Path others = Files.createDirectory(folder.resolve("others"));
    TestCluster stranger = TestCluster.create(others);
    stranger.revoke(stranger.user("x"), now);
    Path list = folder.resolve(RevocationList.FILE_NAME);

    Files.copy(others.resolve(RevocationList.FILE_NAME), list);
    assertRefused(list);
    Files.writeString(list, "half a li");
    assertRefused(list);
    BigInteger serial = BigInteger.TEN;
    CertificateAuthority authority = cluster.authority();
    assertThrows(CredentialsException.class, () -> authority.revoke(folder, serial, now));
    assertEquals("half a li", Files.readString(list));
  }

  private void assertRefused(Path list) {
    CredentialsException refusal =
        assertThrows(CredentialsException.class, () -> cluster.loaded(here.toString()));
    assertTrue(refusal.detail().startsWith(list.toString()), refusal.detail());
    assertTrue(refusal.detail().contains("flocker-ca revoke"), refusal.detail());
  }

  @Test
  void oneThatTheSettingsNameHasToBeThere() throws Exception {
    CredentialFiles files = cluster.files(here.toString());
    Path named = folder.resolve("named.crl");
    assertThrows(
        CredentialsException.class,
        () ->
            Credentials.load(
                cluster.authorityFile(), Optional.of(named), files.certificate(), files.key()));
    cluster.revoke(cluster.node(lost), now);
    Files.move(folder.resolve(RevocationList.FILE_NAME), named);
    Credentials read =
        Credentials.load(
            cluster.authorityFile(), Optional.of(named), files.certificate(), files.key());
    assertEquals(1, read.authority().revoked().size());
  }
}
