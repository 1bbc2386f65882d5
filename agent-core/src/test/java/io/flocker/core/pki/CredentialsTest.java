package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  private static final NodeId NODE = NodeId.parse("4a9fd0b4-9c9b-4c1a-8f5e-0e4b7a3f1d22");

  @TempDir Path folder;

  private TestCluster cluster;
  private CredentialFiles files;

  @BeforeEach
  void makeNode() throws Exception {
    cluster = TestCluster.create(folder);
    cluster.node(NODE);
    files = cluster.files(NODE.toString());
  }

  @Test
  @DisplayName("135 a missing certificate or key is named")
  void missingFileIsNamed() throws Exception {
    Path missing = folder.resolve("missing");
    assertRefused("does not exist", missing, missing, files.certificate(), files.key());
    assertRefused("does not exist", missing, cluster.authorityFile(), missing, files.key());
    assertRefused("does not exist", missing, cluster.authorityFile(), files.certificate(), missing);
  }

  @Test
  @DisplayName("135 a path that cannot be read is named")
  void unreadablePathIsNamed() {
    assertRefused("cannot be read", folder, folder, files.certificate(), files.key());
    assertRefused("cannot be read", folder, cluster.authorityFile(), folder, files.key());
    assertRefused("cannot be read", folder, cluster.authorityFile(), files.certificate(), folder);
  }

  @Test
  @DisplayName("135 a missing output folder is named and nothing is created")
  void missingOutputFolderIsNamed() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    Credentials user = cluster.authority().issueUser("alice");
    CredentialsException refused =
        assertThrows(CredentialsException.class, () -> user.save(nowhere, "alice"));
    assertTrue(refused.detail().contains(nowhere.resolve("alice.key").toString()));
    assertFalse(Files.exists(nowhere));
  }

  @Test
  @DisplayName("136 an existing certificate is not overwritten and leaves no key behind")
  void existingCertificateIsKept() throws Exception {
    Path certificate = Files.writeString(folder.resolve("alice.crt"), "mine");
    assertThrows(CredentialsException.class, () -> cluster.user("alice"));
    assertEquals("mine", Files.readString(certificate));
    assertFalse(Files.exists(folder.resolve("alice.key")));
  }

  @Test
  @DisplayName("136 an existing key is not overwritten and gets no certificate")
  void existingKeyIsKept() throws Exception {
    Path key = Files.writeString(folder.resolve("alice.key"), "mine");
    assertThrows(CredentialsException.class, () -> cluster.user("alice"));
    assertEquals("mine", Files.readString(key));
    assertFalse(Files.exists(folder.resolve("alice.crt")));
  }

  @Test
  @DisplayName("136 a dangling link under the certificate's name: refused, no key left, no drafts")
  void failureAfterTheKeyLeavesNoOrphan() throws Exception {
    Files.createSymbolicLink(folder.resolve("alice.crt"), folder.resolve("elsewhere"));
    assertThrows(CredentialsException.class, () -> cluster.user("alice"));
    assertFalse(Files.exists(folder.resolve("alice.key")));
    assertFalse(Files.exists(folder.resolve("elsewhere")));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.filter(path -> path.getFileName().toString().startsWith(".")).count());
    }
  }

  @Test
  void keyOfAnotherCertificateIsRefused() throws Exception {
    cluster.user("alice");
    Path other = cluster.files("alice").key();
    assertRefused("is not the key of", other, cluster.authorityFile(), files.certificate(), other);
  }

  @Test
  void keyInAnotherFormIsRefusedWithTheCure() throws Exception {
    String old = "old.key";
    assertEquals(0, OpenSsl.run(folder, "ec", "-in", files.key().toString(), "-out", old).status());
    Path key = folder.resolve(old);
    assertRefused("openssl pkcs8 -topk8", key, cluster.authorityFile(), files.certificate(), key);
  }

  @Test
  void keyConvertedByOpensslIsAccepted() throws Exception {
    String old = "old.key";
    OpenSsl.run(folder, "ec", "-in", files.key().toString(), "-out", old);
    OpenSsl.run(folder, "pkcs8", "-topk8", "-nocrypt", "-in", old, "-out", "new.key");
    Credentials credentials =
        Credentials.load(cluster.authorityFile(), files.certificate(), folder.resolve("new.key"));
    assertEquals("node-" + NODE, credentials.principal().name());
  }

  @Test
  void certificateOfAnotherClusterIsRefused() throws Exception {
    TestCluster other = TestCluster.create(Files.createDirectory(folder.resolve("other")));
    assertRefused(
        "was not signed by",
        files.certificate(),
        other.authorityFile(),
        files.certificate(),
        files.key());
  }

  @Test
  void leafInThePlaceOfTheAuthorityIsRefused() {
    assertRefused(
        "is not an authority's certificate",
        files.certificate(),
        files.certificate(),
        files.certificate(),
        files.key());
  }

  @Test
  void authorityInThePlaceOfTheLeafIsRefused() {
    assertRefused(
        "names no node",
        cluster.authorityFile(),
        cluster.authorityFile(),
        cluster.authorityFile(),
        cluster.files(CertificateAuthority.FILE_NAME).key());
  }

  @Test
  void garbageIsRefused() throws Exception {
    Path garbage = Files.writeString(folder.resolve("garbage"), "-----BEGIN CERTIFICATE-----\nx");
    assertRefused("is not a certificate", garbage, cluster.authorityFile(), garbage, files.key());
    assertRefused(
        "holds no EC key", garbage, cluster.authorityFile(), files.certificate(), garbage);
    Path torn =
        Files.writeString(
            folder.resolve("torn"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertRefused("is not a certificate", torn, cluster.authorityFile(), torn, files.key());
  }

  @Test
  void fileWithoutEndIsRefused() {
    Path endless = Path.of("/dev/zero");
    assertRefused("is longer than", endless, cluster.authorityFile(), endless, files.key());
  }

  @Test
  void certificateIsRefusedBeforeAndAfterItsTime() throws Exception {
    Instant made = Instant.parse("2026-01-01T00:00:00Z");
    Path own = Files.createDirectory(folder.resolve("own"));
    CertificateAuthority authority =
        CertificateAuthority.create("dated", CertificateTerms.DEFAULT, InstantSource.fixed(made));
    Path ca = authority.save(own).certificate();
    CertificateTerms week = new CertificateTerms(KeyAlgorithm.EC, Duration.ofDays(7));
    CredentialFiles leaf = authority.on(week).issueUser("alice").save(own, "alice");
    assertRefusedAt(made.plus(Duration.ofDays(8)), "expired at 2026-01-08T", ca, leaf);
    assertRefusedAt(
        made.minus(Duration.ofHours(2)), "is not valid before 2025-12-31T23:00:00Z", ca, leaf);
  }

  @Test
  @DisplayName("139 a new context for every call")
  void everyContextIsNew() {
    Credentials node = cluster.authority().issueNode(NODE, List.of());
    assertNotSame(node.sslContext(), node.sslContext());
  }

  @Test
  void credentialsAreUsedWithoutBouncyCastle() throws Exception {
    URL core = Credentials.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {core}, ClassLoader.getPlatformClassLoader())) {
      Class<?> loaded = alone.loadClass(Credentials.class.getName());
      Object credentials =
          loaded
              .getMethod("load", Path.class, Path.class, Path.class)
              .invoke(null, cluster.authorityFile(), files.certificate(), files.key());
      assertInstanceOf(SSLContext.class, loaded.getMethod("sslContext").invoke(credentials));
    }
  }

  private static void assertRefusedAt(Instant now, String why, Path ca, CredentialFiles leaf) {
    CredentialsException refused =
        assertThrows(
            CredentialsException.class,
            () ->
                Credentials.load(
                    ca,
                    Optional.empty(),
                    leaf.certificate(),
                    leaf.key(),
                    InstantSource.fixed(now)));
    assertTrue(refused.detail().contains(why), refused.detail());
  }

  static void assertRefused(String why, Path named, Path ca, Path certificate, Path key) {
    CredentialsException refused =
        assertThrows(CredentialsException.class, () -> Credentials.load(ca, certificate, key));
    assertTrue(refused.detail().startsWith(named + " "), refused.detail());
    assertTrue(refused.detail().contains(why), refused.detail());
  }
}
