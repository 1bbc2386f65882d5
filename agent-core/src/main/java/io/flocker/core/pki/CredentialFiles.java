package io.flocker.core.pki;

import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and its key as two PEM files. Any thread.
 *
 * @param certificate the certificate, or a chain with the leaf first
 * @param key its key, plain PKCS#8
 */
public record CredentialFiles(Path certificate, Path key) {
  private static final int LONGEST = 64 * 1024;

  /** {@code <name>.crt} and {@code <name>.key} of a folder. */
  public static CredentialFiles in(Path folder, String name) {
    return new CredentialFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }

  /**
   * Creates both, readable by their owner alone.
   *
   * <p>The key is written first and the certificate appears whole, so that a certificate that
   * exists has its key beside it. When this throws, neither was created.
   */
  void create(List<X509Certificate> chain, PrivateKey privateKey) throws CredentialsException {
    refuseExisting(certificate);
    refuseExisting(key);
    createWhole(key, Pem.ofKey(privateKey));
    try {
      createWhole(certificate, Pem.ofCertificates(chain));
    } catch (CredentialsException | GeneralSecurityException e) {
      discard(key, e);
      throw e instanceof CredentialsException failure
          ? failure
          : new CredentialsException(certificate, "cannot be encoded: " + e.getMessage(), e);
    }
  }

  /** The certificates of the first file, leaf first. */
  List<X509Certificate> readChain() throws CredentialsException {
    String text = read(certificate);
    try {
      return Pem.certificates(text);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new CredentialsException(
          certificate, "is not a certificate in PEM form: " + e.getMessage(), e);
    }
  }

  /** The key of the second file, which must be one for {@code owner}. */
  PrivateKey readKey(X509Certificate owner) throws CredentialsException {
    String text = read(key);
    if (Pem.holdsForeignKey(text)) {
      throw new CredentialsException(
          key,
          "holds a key that is encrypted or not PKCS#8; convert it with"
              + " 'openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW'");
    }
    String algorithm = owner.getPublicKey().getAlgorithm();
    try {
      PrivateKey read = Pem.key(text, algorithm);
      if (!new KeyMatch(owner.getPublicKey()).matches(read)) {
        throw new CredentialsException(
            key, "is not the key of " + certificate + "; take both from one flocker-ca command");
      }
      return read;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new CredentialsException(
          key,
          "holds no %s key in PEM form, which %s needs: %s"
              .formatted(algorithm, certificate, e.getMessage()),
          e);
    }
  }

  private static void refuseExisting(Path file) throws CredentialsException {
    if (Files.exists(file)) {
      throw exists(file);
    }
  }

  private static CredentialsException exists(Path file) {
    return new CredentialsException(
        file, "exists and is not overwritten; move it away, or choose another folder");
  }

  /** The file appears under its name with all its bytes, or not at all. */
  private static void createWhole(Path file, String text) throws CredentialsException {
    try {
      DurableFile.create(file, text.getBytes(StandardCharsets.US_ASCII));
    } catch (FileAlreadyExistsException _) {
      throw exists(file);
    } catch (NoSuchFileException e) {
      throw new CredentialsException(
          file, "cannot be created: its folder does not exist; create it first", e);
    } catch (IOException e) {
      throw new CredentialsException(
          file,
          "cannot be created (%s); check its folder's owner and mode"
              .formatted(DurableFile.reason(e)),
          e);
    }
  }

  private static void discard(Path file, Exception because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static String read(Path file) throws CredentialsException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new CredentialsException(file, "is longer than any certificate or key; check it");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new CredentialsException(file, "does not exist", e);
    } catch (IOException e) {
      throw new CredentialsException(
          file,
          "cannot be read (%s); check its owner and mode".formatted(DurableFile.reason(e)),
          e);
    }
  }
}
