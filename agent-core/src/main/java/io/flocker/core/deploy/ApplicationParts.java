package io.flocker.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.json.JsonMappers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;

/** Applications as the members of their JSON. */
final class ApplicationParts {
  private static final ObjectWriter SORTED =
      JsonMappers.COLUMN.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  private ApplicationParts() {}

  /**
   * SHA-256 of all of them, sorted, as 64 lower-case hex digits. What a later version adds to an
   * application has to be left out of its JSON where it is as usual, or all containers restart.
   */
  static String digest(Application application) {
    JsonNode members = JsonMappers.COLUMN.valueToTree(application);
    return HexFormat.of().formatHex(sha256(SORTED.writeValueAsString(members).getBytes(UTF_8)));
  }

  /** Names of those that two do not have alike. */
  static SortedSet<String> different(Application one, Application other) {
    JsonNode members = JsonMappers.COLUMN.valueToTree(one);
    JsonNode others = JsonMappers.COLUMN.valueToTree(other);
    SortedSet<String> names = new TreeSet<>(members.propertyNames());
    names.addAll(others.propertyNames());
    names.removeIf(name -> members.path(name).equals(others.path(name)));
    return names;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
