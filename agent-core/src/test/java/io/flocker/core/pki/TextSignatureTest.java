package io.flocker.core.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSignatureTest {
  static final String TEXT = "flocker-grant 1\nepoch 1\n";

  @TempDir Path folder;

  @Test
  void opensslVerifiesWhatAnEcKeySigned() throws Exception {
    assertVerified(folder, TestCluster.create(folder).node(NodeId.random()), List.of());
  }

  @Test
  void nobodyElsesSignatureAndNoOtherTextIsTaken() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    Credentials signer = cluster.node(NodeId.random());
    byte[] signature = signer.sign(TEXT);
    SignerCertificate other = new SignerCertificate(cluster.node(NodeId.random()).certificate());
    SignerCertificate own = new SignerCertificate(signer.certificate());

    assertTrue(own.hasSigned(TEXT, signature));
    assertFalse(own.hasSigned(TEXT + " ", signature));
    assertFalse(other.hasSigned(TEXT, signature));
    assertFalse(own.hasSigned(TEXT, new byte[0]));
  }

  /** With these options {@code openssl dgst} takes what it signs. */
  static void assertVerified(Path folder, Credentials signer, List<String> options)
      throws Exception {
    Path certificate = folder.resolve("signer.pem");
    Files.writeString(certificate, new SignerCertificate(signer.certificate()).pem());
    OpenSsl.Answer key =
        OpenSsl.run(folder, "x509", "-in", certificate.toString(), "-pubkey", "-noout");
    Files.writeString(folder.resolve("key.pem"), key.text());
    Files.write(folder.resolve("signature"), signer.sign(TEXT));
    List<String> verify = new ArrayList<>(List.of("dgst", "-sha256"));
    verify.addAll(options);
    verify.addAll(List.of("-verify", "key.pem", "-signature", "signature"));

    OpenSsl.Answer answer = OpenSsl.run(folder, TEXT.getBytes(US_ASCII), verify);

    assertEquals("Verified OK", answer.text().strip());
  }
}
