package io.flocker.core.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrengthTest {
  private static final String PASSWORD = "password";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "RSA, 1024, SHA256withRSA, its RSA key has 1024 bits",
    "RSA, 2048, SHA1withRSA, 'it is signed with SHA1withRSA'",
    "EC, 256, SHA1withECDSA, 'it is signed with SHA1withECDSA'",
    "Ed25519, 255, Ed25519, its key is of the kind"
  })
  void refusesWhatCanBeForged(String kind, String bits, String signature, String words)
      throws Exception {
    X509Certificate weak = certificate(kind, bits, signature);

    CertificateException refusal =
        assertThrows(CertificateException.class, () -> Strength.require(weak));
    String said = String.valueOf(refusal.getMessage());

    assertTrue(said.startsWith(words), said);
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048, SHA256withRSA", "EC, 256, SHA256withECDSA", "RSA, 2048, RSASSA-PSS"})
  void takesWhatHolds(String kind, String bits, String signature) throws Exception {
    Strength.require(certificate(kind, bits, signature));
  }

  @Test
  void refusesAWeakCertificateInAFileByItsName() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    Path file = folder.resolve("weak.crt");
    Files.writeString(
        file, Pem.ofCertificates(List.of(certificate("RSA", "1024", "SHA256withRSA"))));

    CredentialsException refused =
        assertThrows(
            CredentialsException.class,
            () -> Credentials.load(cluster.authorityFile(), file, folder.resolve("cluster.key")));

    assertTrue(String.valueOf(refused.getMessage()).contains("1024 bits"), refused::getMessage);
  }

  private X509Certificate certificate(String kind, String bits, String signature) throws Exception {
    Path store = folder.resolve("store-" + kind + bits + signature);
    Stream<String> command =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD,
            "-alias",
            "weak",
            "-dname",
            "CN=weak",
            "-keyalg",
            kind,
            "-sigalg",
            signature);
    List<String> size = kind.equals("Ed25519") ? List.of() : List.of("-keysize", bits);
    Process keytool =
        new ProcessBuilder(Stream.concat(command, size.stream()).toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stored = Files.newInputStream(store)) {
      keys.load(stored, PASSWORD.toCharArray());
    }
    return (X509Certificate) keys.getCertificate("weak");
  }
}
