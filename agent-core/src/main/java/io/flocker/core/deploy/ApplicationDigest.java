package io.flocker.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.json.JsonMappers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;

/**
 * SHA-256 of an application's JSON with its members sorted. What a later version adds to an
 * application has to be left out of its JSON where it is as usual, or all containers restart.
 */
final class ApplicationDigest {
  private static final ObjectWriter SORTED =
      JsonMappers.COLUMN.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  private ApplicationDigest() {}

  /** 64 lower-case hex digits. */
  static String of(Application application) {
    JsonNode document = JsonMappers.COLUMN.valueToTree(application);
    return HexFormat.of().formatHex(sha256(SORTED.writeValueAsString(document).getBytes(UTF_8)));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
