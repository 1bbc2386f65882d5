package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.identity.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
  private static final NodeId NODE = NodeId.parse("4a9fd0b4-9c9b-4c1a-8f5e-0e4b7a3f1d22");
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final int DNS = 2; // RFC 5280, 4.2.1.6: GeneralName
  private static final int URI = 6;
  private static final int IP = 7;

  @TempDir Path folder;

  @Test
  @DisplayName("132 every kind: key matches, reload equals, OU is the CA's, modes 0600")
  void everyKindReloadsAsItWasSaved() throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.create("production", CertificateTerms.DEFAULT);
    CredentialFiles own = authority.save(folder);
    CertificateAuthority reloaded = CertificateAuthority.load(folder);
    assertEquals(authority.certificate(), reloaded.certificate());
    for (Map.Entry<String, Credentials> kind : everyKind(reloaded).entrySet()) {
      reloadsAsItWasSaved(folder, own, kind.getKey(), kind.getValue());
    }
    assertEquals("rw-------", mode(own.certificate()));
    assertEquals("rw-------", mode(own.key()));
  }

  static void reloadsAsItWasSaved(Path folder, CredentialFiles own, String name, Credentials issued)
      throws Exception {
    CredentialFiles files = issued.save(folder, name);
    Credentials again = Credentials.load(own.certificate(), files.certificate(), files.key());
    assertArrayEquals(issued.chain(), again.chain());
    assertEquals(issued.key(), again.key());
    assertEquals(issued.principal(), again.principal());
    assertEquals(
        SubjectName.organizationalUnit(issued.authority().certificate()).orElseThrow(),
        SubjectName.organizationalUnit(again.certificate()).orElseThrow());
    assertEquals("rw-------", mode(files.certificate()));
    assertEquals("rw-------", mode(files.key()));
  }

  @Test
  @DisplayName("132 EC: P-256, SHA-256, version 3, in force an hour back, 128 random bits")
  void ecIsTheDefault() {
    X509Certificate first = ecAuthority().issueUser("alice").certificate();
    X509Certificate second = ecAuthority().issueUser("alice").certificate();
    assertEquals("SHA256withECDSA", first.getSigAlgName());
    assertEquals(256, ((ECPublicKey) first.getPublicKey()).getParams().getOrder().bitLength());
    assertEquals(3, first.getVersion());
    assertEquals(NOW.minus(Duration.ofHours(1)), first.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofDays(7300)), first.getNotAfter().toInstant());
    assertNotEquals(first.getSerialNumber(), second.getSerialNumber());
    assertTrue(first.getSerialNumber().bitLength() > 64, "far from 128 bits");
  }

  @Test
  @DisplayName("133 CA: self-signed, OU a fresh cluster uuid, signs leaves only")
  void authorityIsSelfSigned() throws Exception {
    CertificateAuthority authority = ecAuthority();
    X509Certificate certificate = authority.certificate();
    certificate.verify(certificate.getPublicKey());
    assertEquals(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal());
    assertEquals("production", SubjectName.commonName(certificate).orElseThrow());
    assertEquals(authority.clusterId(), UUID.fromString(authority.clusterId()).toString());
    assertNotEquals(authority.clusterId(), ecAuthority().clusterId());
    assertEquals(0, certificate.getBasicConstraints());
    assertEquals(
        Set.of("2.5.29.19", "2.5.29.15"), // RFC 5280: basicConstraints, keyUsage
        certificate.getCriticalExtensionOIDs());
  }

  @Test
  @DisplayName("134 node: CN node-<uuid>, server and client, every host by its kind")
  void nodeIsFoundByItsHosts() throws Exception {
    Credentials node =
        ecAuthority().issueNode(NODE, List.of("store-1.example.org", "10.0.0.1", "fd00::1"));
    assertEquals(new Principal.Node(NODE), node.principal());
    assertEquals("node-" + NODE, SubjectName.commonName(node.certificate()).orElseThrow());
    assertEquals(
        Set.of(
            List.of(DNS, "node-" + NODE),
            List.of(DNS, "store-1.example.org"),
            List.of(IP, "10.0.0.1"),
            List.of(IP, "fd00:0:0:0:0:0:0:1")),
        alternativeNames(node));
    PeerCertificate peer = new PeerCertificate(node.certificate());
    assertEquals(node.principal(), peer.server().orElseThrow());
    assertEquals(node.principal(), peer.client().orElseThrow());
  }

  @Test
  @DisplayName("134 user: CN user-<name>, client only")
  void userIsClientOnly() throws Exception {
    Credentials user = ecAuthority().issueUser("Jürgen, 'ops' #1");
    PeerCertificate peer = new PeerCertificate(user.certificate());
    assertEquals(new Principal.User("Jürgen, 'ops' #1"), peer.client().orElseThrow());
    assertTrue(peer.server().isEmpty());
    assertEquals(
        Set.of(List.of(URI, "urn:flocker:user-J%C3%BCrgen,%20'ops'%20%231")),
        alternativeNames(user));
  }

  @Test
  void whatAUserMayStandsInHisCertificateAndInNoOthers() throws Exception {
    Set<CertifiedPermission> all = Set.of(CertifiedPermission.values());
    Credentials user = ecAuthority().issueUser("op", all);
    assertEquals(
        Set.of(
            List.of(URI, "urn:flocker:user-op"),
            List.of(URI, "urn:flocker:permission:takeover"),
            List.of(URI, "urn:flocker:permission:resolve")),
        alternativeNames(user));
    assertEquals(
        new Certified(user.principal(), all),
        new PeerCertificate(user.certificate()).caller().orElseThrow());
    Credentials plain = ecAuthority().issueUser("permission takeover");
    assertEquals(
        Certified.plain(plain.principal()),
        new PeerCertificate(plain.certificate()).caller().orElseThrow());
  }

  @Test
  @DisplayName("134 local: CN user-local-<uuid>, client only")
  void localIsClientOnly() throws Exception {
    Credentials local = ecAuthority().issueLocal(NODE);
    PeerCertificate peer = new PeerCertificate(local.certificate());
    assertEquals(new Principal.Local(NODE), peer.client().orElseThrow());
    assertTrue(peer.server().isEmpty());
    assertEquals(Set.of(List.of(URI, "urn:flocker:user-local-" + NODE)), alternativeNames(local));
  }

  @ParameterizedTest
  @ValueSource(strings = {"control.example.org", "10.0.0.7"})
  @DisplayName("134 control: CN control-service, SAN DNS:control-service and the host")
  void controlServiceIsFoundByItsHost(String host) throws Exception {
    Credentials control = ecAuthority().issueControlService(host);
    assertEquals(new Principal.ControlService(), control.principal());
    assertEquals(
        Set.of(List.of(DNS, "control-service"), List.of(host.startsWith("10.") ? IP : DNS, host)),
        alternativeNames(control));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1", "256.0.0.1", "a b", "", "-x.org", "x_y", "example.org."})
  void hostThatIsNeitherNameNorAddressIsRefused(String host) {
    List<String> hosts = List.of(host);
    CertificateAuthority authority = ecAuthority();
    assertThrows(IllegalArgumentException.class, () -> authority.issueNode(NODE, hosts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " alice",
        "../alice",
        ".alice",
        "a/b",
        "a\\b",
        "a\u0000b",
        "local-x",
        "local-4a9fd0b4-9c9b-4c1a-8f5e-0e4b7a3f1d22",
        "a-name-that-together-with-its-prefix-is-longer-than-64-characters"
      })
  void userNameThatCouldMisleadIsRefused(String name) {
    CertificateAuthority authority = ecAuthority();
    assertThrows(IllegalArgumentException.class, () -> authority.issueUser(name));
  }

  @Test
  void leafDoesNotOutliveItsAuthority() {
    CertificateTerms year = new CertificateTerms(KeyAlgorithm.EC, Duration.ofDays(365));
    CertificateAuthority authority =
        CertificateAuthority.create("production", year, InstantSource.fixed(NOW));
    X509Certificate leaf = authority.on(CertificateTerms.DEFAULT).issueLocal(NODE).certificate();
    assertEquals(authority.certificate().getNotAfter(), leaf.getNotAfter());
  }

  @Test
  @DisplayName("137 openssl verify accepts each kind for its purpose and refuses the other")
  void opensslAgrees() throws Exception {
    CertificateAuthority authority = ecAuthority();
    authority.save(folder);
    for (Map.Entry<String, Credentials> kind : everyKind(authority).entrySet()) {
      kind.getValue().save(folder, kind.getKey());
      assertEquals(0, verify(folder, kind.getKey(), "sslclient").status());
      boolean server = kind.getKey().equals("node") || kind.getKey().equals("control");
      OpenSsl.Answer asServer = verify(folder, kind.getKey(), "sslserver");
      assertEquals(server, asServer.status() == 0, asServer.text());
    }
  }

  @Test
  @DisplayName("137 openssl reads the CA as a version 3 authority")
  void opensslReadsTheAuthority() throws Exception {
    ecAuthority().save(folder);
    String text =
        OpenSsl.run(folder, "x509", "-in", "cluster.crt", "-noout", "-text", "-purpose").text();
    assertTrue(text.contains("Version: 3 (0x2)"), text);
    assertTrue(text.contains("CA:TRUE, pathlen:0"), text);
    assertTrue(text.contains("Certificate Sign, CRL Sign"), text);
    assertTrue(text.contains("SSL server CA : Yes"), text);
  }

  static OpenSsl.Answer verify(Path folder, String name, String purpose) throws Exception {
    return OpenSsl.run(
        folder,
        "verify",
        "-x509_strict",
        "-CAfile",
        "cluster.crt",
        "-purpose",
        purpose,
        name + ".crt");
  }

  private static CertificateAuthority ecAuthority() {
    return CertificateAuthority.create(
        "production", CertificateTerms.DEFAULT, InstantSource.fixed(NOW));
  }

  private static Map<String, Credentials> everyKind(CertificateAuthority authority) {
    return Map.of(
        "node", authority.issueNode(NODE, List.of("127.0.0.1")),
        "user", authority.issueUser("alice"),
        "local", authority.issueLocal(NODE),
        "control", authority.issueControlService("control.example.org"));
  }

  private static Set<List<?>> alternativeNames(Credentials credentials) throws Exception {
    return credentials.certificate().getSubjectAlternativeNames().stream()
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
