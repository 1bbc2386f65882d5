package io.flocker.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is in a folder.
 *
 * @param files SHA-256 of each file, by its path
 */
record Content(Map<String, String> files) {
  /** Reads all that is there. */
  static Content of(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), digest(Files.readAllBytes(file)));
      }
    }
    return new Content(files);
  }

  /** Writes a file that no pool can compress, the same for the same seed. */
  static void write(Path file, int bytes, long seed) throws IOException {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    Files.write(file, noise);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
